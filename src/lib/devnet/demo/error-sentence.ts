import {DaasError} from '../../errors/daas-error.ts'

/** Code and sentence of any error; `DAAS-X001` for what the catalogue does not know. */
export function errorSentence(error: unknown): {code: string; message: string} {
  if (error instanceof DaasError) return {code: error.code, message: error.message}
  return {code: 'DAAS-X001', message: error instanceof Error ? error.message : String(error)}
}
