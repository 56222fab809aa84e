/** What the listener logs with: the part of pino's interface that it uses. */
export interface ListenerLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** An error as log fields: its code and sentence, and those of its causes; no stack, no data. */
export function errorFields(error: unknown): {code?: string; error: string; cause?: string} {
  if (!(error instanceof Error)) return {error: String(error)}
  const {code} = error as {code?: unknown}
  return {
    ...(typeof code === 'string' ? {code} : {}),
    error: error.message,
    ...(error.cause instanceof Error ? {cause: error.cause.message} : {}),
  }
}
