import type {DevnetNode, LedgerCheckpoint} from '../../ledger/api.ts'
import {RpcFailure} from '../status.ts'

/** Hands each new checkpoint to every subscriber, and keeps quiet streams alive. */
export interface CheckpointFeed {
  /**
   * Checkpoints from the next one on, in order; `idle` when there was none for a while.
   * It starts when called, not when first read. Ends with the signal.
   * @param options gapless: rather than `idle`, an empty checkpoint is sealed
   * @throws RpcFailure UNAVAILABLE when there are too many subscribers
   */
  subscribe(signal: AbortSignal, options: {gapless: boolean}): AsyncIterable<LedgerCheckpoint | 'idle'>
}

/** As real nodes: more subscribers are refused. */
const maxSubscribers = 1024
/** A subscriber so far behind is cut, as real nodes cut slow ones. */
const maxBacklog = 4096

/**
 * Makes the feed of a node.
 * @param keepaliveMs the longest silence of a stream: an idle one dies in clients after 300 s (facts/sui.md 0)
 */
export function createCheckpointFeed(node: DevnetNode, keepaliveMs: number): CheckpointFeed {
  let subscribers = 0
  return {
    subscribe(signal, {gapless}) {
      if (subscribers >= maxSubscribers)
        throw new RpcFailure('UNAVAILABLE', 'too many existing subscriptions')
      subscribers += 1
      const queue: LedgerCheckpoint[] = []
      let wake: () => void = () => undefined
      let isCut = false
      const stop = node.onCheckpoint((checkpoint) => {
        queue.push(checkpoint)
        isCut ||= queue.length > maxBacklog
        wake()
      })
      let isReleased = false
      const release = (): void => {
        if (!isReleased) subscribers -= 1
        isReleased = true
        stop()
        wake()
      }
      if (signal.aborted) release()
      else signal.addEventListener('abort', release, {once: true})
      const silence = (): Promise<boolean> =>
        new Promise((resolve) => {
          const timer = setTimeout(() => resolve(true), keepaliveMs)
          wake = () => {
            clearTimeout(timer)
            resolve(false)
          }
          if (signal.aborted) wake()
        })
      return (async function* () {
        try {
          while (!signal.aborted && !isCut) {
            const next = queue.shift()
            if (next !== undefined) yield next
            else if (await silence()) {
              if (gapless) await node.sealCheckpoint()
              else yield 'idle'
            }
          }
        } finally {
          release()
        }
      })()
    },
  }
}
