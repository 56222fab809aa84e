import {setTimeout as delay} from 'node:timers/promises'
import {DaasError, type ErrorName} from '../../../src/lib/errors/daas-error.ts'

/** What a node says that is not there, or not yet, or has just died. */
const AWAY = new Set<ErrorName>(['RPC_UNREACHABLE', 'TRANSACTION_TIMEOUT'])

/** Does something again until the chain is there to do it. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 60_000
  for (;;) {
    try {
      return await work()
    } catch (error) {
      // A connection that broke has no name in the catalogue yet.
      const isAway = !(error instanceof DaasError) || AWAY.has(error.errorName)
      if (!isAway || performance.now() > deadline) throw error
      await delay(200)
    }
  }
}
