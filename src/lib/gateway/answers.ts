import {daasError} from '../errors/daas-error.ts'
import type {ChainAnswer, GatewayChain} from './chain-port.ts'

/** One event stream, shared by all requests of a gateway. */
export interface Answers {
  /**
   * Registers for the answer to a request; to be called before the request is sent.
   * @throws (rejects) with the signal's reason, or with whatever ended the stream
   */
  expect(requestId: Uint8Array, signal: AbortSignal): Promise<ChainAnswer>
  /** Resolves when answers are seen; rejects where the stream ended first. */
  ready: Promise<void>
  /** Resolves when the stream has ended. */
  ended: Promise<void>
}

interface Waiting {
  resolve(answer: ChainAnswer): void
  reject(error: unknown): void
}

/**
 * Reads the answers of the listener and hands each to the request that waits for it; answers nobody waits for (of
 * other gateways, or too late) are let go.
 * @param cluster object id; answers of other clusters do not count
 */
export function pumpAnswers(chain: GatewayChain, cluster: string, signal: AbortSignal): Answers {
  const waiting = new Map<string, Waiting>()
  const ready = Promise.withResolvers<void>()
  let ending: {error: unknown} | undefined

  const pump = async (): Promise<void> => {
    let cause: unknown
    try {
      for await (const answer of chain.answers(signal, () => ready.resolve())) {
        if (answer.cluster === cluster) waiting.get(keyOf(answer.requestId))?.resolve(answer)
      }
    } catch (error) {
      cause = error
    }

    ending = {
      error: cause === undefined || signal.aborted ? daasError('GATEWAY_CLOSED', {}, {cause}) : cause,
    }
    ready.reject(ending.error)
    for (const one of waiting.values()) one.reject(ending.error)
    waiting.clear()
  }

  const expect = async (requestId: Uint8Array, abort: AbortSignal): Promise<ChainAnswer> => {
    if (ending) throw ending.error
    abort.throwIfAborted()
    const {promise, resolve, reject} = Promise.withResolvers<ChainAnswer>()
    const key = keyOf(requestId)
    const onAbort = (): void => reject(abort.reason)
    waiting.set(key, {resolve, reject})
    abort.addEventListener('abort', onAbort, {once: true})
    try {
      return await promise
    } finally {
      abort.removeEventListener('abort', onAbort)
      waiting.delete(key)
    }
  }

  // A stream that ends before anyone asks is told to the next one who does.
  ready.promise.catch(() => undefined)
  return {expect, ready: ready.promise, ended: pump()}
}

function keyOf(requestId: Uint8Array): string {
  return Buffer.from(requestId).toString('hex')
}
