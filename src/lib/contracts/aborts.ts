import {ABORTS} from './generated/aborts.ts'

/** What an abort code of the package means. */
export interface AbortMeaning {
  readonly module: string
  readonly code: bigint
  /** Its name in the Move source. */
  readonly name: string
  /** What is wrong. */
  readonly sentence: string
  /** What to do. */
  readonly next: string
}

/**
 * Looks an abort up in the table generated from the Move sources.
 * @param module name of the module, without the package
 * @param code the abort code
 * @returns undefined for a code that the package does not have
 * @example abortOf('staking', 2n)?.name // 'E_BELOW_MINIMUM'
 */
export function abortOf(module: string, code: bigint): AbortMeaning | undefined {
  return ABORTS.find((abort) => abort.module === module && abort.code === code)
}
