import {styleFor} from './style.ts'

/** What of an error is shown. */
export interface ShownError {
  readonly code: string
  readonly message: string
  readonly suggestions: readonly string[]
  readonly cause?: string
}

/** An error for people: the sentence with its code, the cause, what to do next; on stderr. */
export function renderError(error: ShownError, {stack}: {stack?: string | undefined} = {}): string {
  const style = styleFor(process.stderr)
  const lines = [`${style.red('error:')} ${error.message} ${style.dim(`[${error.code}]`)}`]
  if (error.cause !== undefined && !error.message.includes(error.cause))
    lines.push(style.dim(`  cause: ${error.cause}`))
  for (const suggestion of error.suggestions) lines.push(`  → ${suggestion}`)
  if (stack !== undefined) lines.push(style.dim(stack))
  return `${lines.join('\n')}\n`
}
