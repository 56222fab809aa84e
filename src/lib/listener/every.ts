import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'
import {createWaker, type Waker} from './waker.ts'

/** Does something now and then every so often, whatever becomes of it, until the signal; sooner where it is woken. */
export async function every(
  {
    everyMs,
    signal,
    logger,
    what,
    waker = createWaker(),
  }: {everyMs: number; signal: AbortSignal; logger: ListenerLogger; what: string; waker?: Waker},
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work()
    } catch (error) {
      if (!signal.aborted) logger.warn({...errorFields(error), what}, 'not done this time, trying again')
    }

    await waker.sleep(everyMs, signal)
  }
}
