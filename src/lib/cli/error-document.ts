import {Errors} from '@oclif/core'
import {DaasError} from '../errors/daas-error.ts'
import {ExitCode} from '../errors/exit-codes.ts'

/** The `error` of a failed command's JSON document: docs/json.md. Nothing else of an error is ever printed. */
export interface ErrorDocument {
  code: string
  message: string
  exitCode: number
  suggestions: string[]
  details?: Record<string, unknown>
  cause?: string
}

const BUG = {
  code: 'DAAS-X001',
  suggestions: ['report it with the output of DEBUG=daas:* and the command line'],
}

/**
 * Makes the document of any error: the catalogue's as they are, oclif's parser errors as usage, the rest as a bug.
 * An allow-list: oclif's own errors carry the whole parser context, values of flags included.
 */
export function errorDocument(error: unknown): ErrorDocument {
  if (error instanceof DaasError) {
    const document: ErrorDocument = {
      code: error.code,
      message: error.message,
      exitCode: error.exitCode,
      suggestions: error.suggestions,
    }
    if (error.details !== undefined) document.details = error.details
    if (error.cause instanceof Error) document.cause = firstLine(error.cause.message)
    return document
  }

  if (error instanceof Errors.CLIError) {
    const message = firstLine(error.message)
    const isUsage = (error.oclif.exit ?? ExitCode.usage) === ExitCode.usage
    return isUsage
      ? {code: 'DAAS-U110', message, exitCode: ExitCode.usage, suggestions: ['see --help']}
      : {...BUG, message, exitCode: error.oclif.exit ?? ExitCode.bug}
  }

  const message = error instanceof Error ? firstLine(error.message) : String(error)
  return {...BUG, message: `unexpected: ${message}`, exitCode: ExitCode.bug}
}

function firstLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== 'See more help with --help')
    .join('; ')
}
