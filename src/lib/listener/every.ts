import {setTimeout as sleep} from 'node:timers/promises'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'

/** Does something now and then every so often, whatever becomes of it, until the signal. */
export async function every(
  {
    everyMs,
    signal,
    logger,
    what,
  }: {everyMs: number; signal: AbortSignal; logger: ListenerLogger; what: string},
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work()
    } catch (error) {
      if (!signal.aborted) logger.warn({...errorFields(error), what}, 'not done this time, trying again')
    }

    await sleep(everyMs, undefined, {signal}).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}
