import {setTimeout as sleep} from 'node:timers/promises'
import {daasError} from '../../errors/daas-error.ts'

/**
 * Asks until the answer is yes.
 * @param deadlineMs how long to ask
 * @throws DEMO_ACT_FAILED past the deadline; the signal's reason
 */
export async function waitFor(
  ask: () => Promise<boolean>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<void> {
  const until = performance.now() + deadlineMs
  while (!(await ask())) {
    if (performance.now() > until) {
      throw daasError('DEMO_ACT_FAILED', {
        act: 'waiting',
        reason: `nothing happened in ${deadlineMs / 1000} s`,
      })
    }

    await sleep(100, undefined, {signal})
  }
}
