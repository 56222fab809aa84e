import {DaasError} from '../errors/daas-error.ts'
import type {ChainRequest, GatewayChain, SubmittedBatch} from './chain-port.ts'

/** What a batcher is told. */
export interface BatcherOptions {
  /** How long the first request of a batch waits for others, ms. */
  batchMs: number
  /** The most requests of one transaction. */
  maxRequests: number
  /** The most bytes of envelopes in one transaction. */
  maxBytes: number
  signal: AbortSignal
  onBatch?: (batch: SubmittedBatch, requests: number) => void
}

/** A queue in front of the chain. */
export interface Batcher {
  /**
   * Sends a request with those that arrive at about the same time.
   * @param signal takes the request out of the queue as long as it is not on its way
   * @param onSend called when it goes on its way: from then on it may be on chain
   * @throws whatever the chain says to this request; see GatewayChain.submit
   */
  submit(request: ChainRequest, signal: AbortSignal, onSend?: () => void): Promise<SubmittedBatch>
}

interface Item {
  request: ChainRequest
  signal: AbortSignal
  onSend?: (() => void) | undefined
  resolve(batch: SubmittedBatch): void
  reject(error: unknown): void
}

/** After these the chain holds nothing of the transaction: the innocent ones of a batch may be sent again. */
const rolledBack = new Set(['MOVE_ABORT', 'SIMULATION_FAILED', 'TRANSACTION_FAILED'])

/**
 * Puts requests into as few transactions as the size limit allows. One transaction is under way at a time, because
 * each of them takes the user's own SealToken mutably; while it is, the next batch collects.
 */
export function createBatcher(chain: Pick<GatewayChain, 'submit'>, options: BatcherOptions): Batcher {
  const queue: Item[] = []
  let running = false

  const drain = async (): Promise<void> => {
    while (queue.length > 0) await send(takeBatch(queue, options))
    running = false
  }

  const send = async (all: Item[]): Promise<void> => {
    // Whoever gave up while another request of their batch was refused is not sent again.
    const items = all.filter((item) => !item.signal.aborted)
    if (items.length === 0) return
    for (const item of items) item.onSend?.()
    try {
      const batch = await chain.submit(
        items.map((item) => item.request),
        options.signal,
      )
      options.onBatch?.(batch, items.length)
      for (const item of items) item.resolve(batch)
    } catch (error) {
      await refuse(items, error)
    }
  }

  const refuse = async (items: Item[], error: unknown): Promise<void> => {
    const whole = !(error instanceof DaasError && rolledBack.has(error.errorName))
    if (items.length === 1 || whole) {
      for (const item of items) item.reject(error)
      return
    }

    const index = error.details?.requestIndex
    const culprit = typeof index === 'number' ? items[index] : undefined
    if (culprit === undefined) {
      for (const item of items) await send([item])
      return
    }

    culprit.reject(error)
    await send(items.filter((item) => item !== culprit))
  }

  return {
    async submit(request, signal, onSend) {
      signal.throwIfAborted()
      const {promise, resolve, reject} = Promise.withResolvers<SubmittedBatch>()
      const item: Item = {request, signal, onSend, resolve, reject}
      queue.push(item)
      if (!running) {
        running = true
        setTimeout(() => void drain(), options.batchMs)
      }

      const onAbort = (): void => {
        const at = queue.indexOf(item)
        if (at !== -1) queue.splice(at, 1)
        reject(signal.reason)
      }

      signal.addEventListener('abort', onAbort, {once: true})
      try {
        return await promise
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
  }
}

/** Takes the most urgent requests that fit into one transaction out of the queue; at least one. */
function takeBatch(queue: Item[], {maxRequests, maxBytes}: BatcherOptions): Item[] {
  const urgent = queue.toSorted((a, b) => a.request.priority - b.request.priority)
  const batch: Item[] = []
  let bytes = 0
  for (const item of urgent) {
    const size = item.request.envelope.length
    if (batch.length > 0 && (batch.length === maxRequests || bytes + size > maxBytes)) break
    batch.push(item)
    bytes += size
  }

  for (const item of batch) queue.splice(queue.indexOf(item), 1)
  return batch
}
