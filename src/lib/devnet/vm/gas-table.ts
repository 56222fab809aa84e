/**
 * What computing costs, in units of the meter. An instruction is 1 unit; natives cost a base and a little per byte
 * they touch. The real network's table is finer (it charges by instruction class, stack height and stack size), and
 * the executor rounds up into buckets as the real network does, so that ordinary calls land in the lowest bucket.
 */

/** Units per bytecode instruction. */
export const INSTRUCTION_UNITS = 1

/** Instructions are counted and charged in lots of at least this many, at jumps and calls, and at the end. */
export const CHARGE_LOT = 1024

/** Units of every call of a native. */
export const NATIVE_UNITS = 5

/** Units per byte that a native hashes, serialises or searches. */
export const NATIVE_BYTE_UNITS = 0.1

/** Units of a signature check or key recovery. */
export const SIGNATURE_UNITS = 2000

/** Units of a native that works on objects: transfer, dynamic field, event. */
export const OBJECT_UNITS = 50
