import {VmError} from '../../vm/api.ts'

/** A rule of the bytecode verifier that a module breaks. */
export class VerifierRefusal extends VmError {
  /** The name of Move's status code for the rule, e.g. `STLOC_TYPE_MISMATCH_ERROR`. */
  readonly status: string

  constructor(status: string, what: string) {
    super('BYTECODE_REFUSED', `${status}: ${what}`)
    this.status = status
  }
}

/** Refuses a module. Throws VerifierRefusal. */
export function refuse(status: string, what: string): never {
  throw new VerifierRefusal(status, what)
}
