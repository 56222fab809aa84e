import {setTimeout as sleep} from 'node:timers/promises'

/** Lets a loop sleep, and others end its sleep. */
export interface Waker {
  /** Ends the sleep, or lets the next one not begin. */
  wake(): void
  /** Sleeps so long, ms, or until it is woken or the signal aborts; never throws for either. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Makes a waker for one loop. */
export function createWaker(): Waker {
  let woken = new AbortController()
  return {
    wake: () => woken.abort(),
    async sleep(ms, signal) {
      const stop = AbortSignal.any([signal, woken.signal])
      await sleep(ms, undefined, {signal: stop}).catch((error: unknown) => {
        if (!stop.aborted) throw error
      })
      woken = new AbortController()
    },
  }
}
