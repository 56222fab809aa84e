/** Addresses of the framework packages. */
export const STD = `0x${'1'.padStart(64, '0')}`
export const SUI = `0x${'2'.padStart(64, '0')}`
