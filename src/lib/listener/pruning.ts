import type {ListenerChain} from './chain-port.ts'
import type {Journal} from './journal.ts'
import type {ListenerLogger} from './logger.ts'

/** What pruning needs. */
export interface PruningDeps {
  chain: Pick<ListenerChain, 'requestEnds' | 'pruneRequests'>
  journal: Pick<Journal, 'atomically' | 'requests'>
  /** Unix time, ms. */
  clock: () => number
  logger: ListenerLogger
  signal: AbortSignal
  /** How long after its time a request is left to whoever asked, ms: who prunes it gets the storage deposit back. */
  graceMs: number
}

/** The most of one transaction, and the most transactions of one turn: answers wait behind one at most. */
const BATCH = 100
const BATCHES = 10

/**
 * Deletes the requests on chain whose time is over, answered or not. The listener pays for the transaction and gets
 * more than that back. What somebody else pruned is forgotten; what was cut off is found again the next time.
 * @returns how many were deleted
 * @throws what the chain throws
 */
export async function pruneOver(deps: PruningDeps): Promise<number> {
  const {chain, journal, clock, logger, signal, graceMs} = deps
  let pruned = 0
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const now = clock()
    const requests = journal.requests.over(now - graceMs, BATCH)
    if (requests.length === 0) break
    const ends = await chain.requestEnds(requests, signal)
    const over = requests.filter((_, at) => (ends[at] ?? Infinity) <= now - graceMs)
    if (over.length > 0) {
      const {digest, gasMist} = await chain.pruneRequests(over, signal)
      pruned += over.length
      logger.info({digest, gasMist: gasMist.toString(), requests: over.length}, 'requests pruned')
    }

    journal.atomically(() => {
      for (const [at, request] of requests.entries()) {
        const end = ends[at]
        const isAlive = end !== undefined && end > now - graceMs
        journal.requests.lookAgain(request, isAlive ? end : undefined)
      }
    })
  }

  return pruned
}
