import {destination, type Logger, pino, stdTimeFunctions} from 'pino'

/** What must not be in a log even if a caller puts it there. */
const REDACTED = [
  'token',
  'sealToken',
  'secret',
  'secretKey',
  'authorization',
  'headers.authorization',
  '*.token',
  '*.secret',
  '*.secretKey',
  '*.authorization',
]

/**
 * Makes a structured log on stderr: one JSON object per line, RFC 3339 times, secrets cut out.
 * @param options.level trace, debug, info, warn, error, fatal or silent
 */
export function createLogger({level}: {readonly level: string}): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: {level: (label: string) => ({level: label})},
    redact: {paths: REDACTED, censor: '[redacted]'},
  }
  return pino(options, destination({dest: 2, sync: true}))
}
