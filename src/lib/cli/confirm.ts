import {daasError} from '../errors/daas-error.ts'

/** What a confirmation goes by. */
export interface ConfirmOptions {
  /** Ends with a question mark. */
  readonly question: string
  /** `--yes` was given. */
  readonly yes: boolean
  /** `--no-input` was not. */
  readonly input: boolean
  readonly signal: AbortSignal
}

/**
 * Asks before something that cannot be undone; no is the default. Without a terminal it asks nothing and wants --yes.
 * @throws INPUT_MISSING off a terminal, DECLINED on a no, INTERRUPTED at Ctrl-C
 */
export async function confirm({question, yes, input, signal}: ConfirmOptions): Promise<void> {
  if (yes) return
  // The question goes to stderr: both ends must be a terminal.
  if (!input || !process.stdin.isTTY || !process.stderr.isTTY)
    throw daasError('INPUT_MISSING', {flags: '--yes'})
  const {default: inquirer} = await import('inquirer')
  const ask = inquirer.createPromptModule({output: process.stderr, signal})
  let answer: {ok: boolean}
  try {
    answer = await ask<{ok: boolean}>([{type: 'confirm', name: 'ok', message: question, default: false}])
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw daasError('INTERRUPTED', {}, {cause: error})
    throw error
  }

  if (!answer.ok) throw daasError('DECLINED', {})
}
