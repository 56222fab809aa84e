import {setTimeout as sleep} from 'node:timers/promises'

/**
 * Asks until the answer is yes.
 * @param what for the sentence when it never is
 * @throws past the deadline
 */
export async function waitUntil(
  what: string,
  ask: () => boolean | Promise<boolean>,
  deadlineMs = 15_000,
): Promise<void> {
  const until = performance.now() + deadlineMs
  while (!(await ask())) {
    if (performance.now() > until) throw new Error(`${what}: not so after ${deadlineMs} ms`)
    await sleep(50)
  }
}
