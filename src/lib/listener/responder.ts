import {setTimeout as sleep} from 'node:timers/promises'
import {DaasError} from '../errors/daas-error.ts'
import type {ErrorName} from '../errors/daas-error.ts'
import type {ListenerChain, StoredResponse} from './chain-port.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'

/** What the responder needs. */
export interface ResponderDeps {
  chain: Pick<ListenerChain, 'storeResponses'>
  logger: ListenerLogger
  clock: () => number
  /** Ends waiting and sending at once. */
  signal: AbortSignal
  /** Told how each answer ended; called once for each. */
  onEnd: (requests: readonly string[], end: 'done' | 'refused' | 'expired') => void
  /** Told of each transaction: how many answers it held, and its gas in MIST. */
  onBatch?: (size: number, gasMist: bigint) => void
}

/** Puts answers on chain. */
export interface Responder {
  /** Takes an answer; it goes with all others that are ready within a few ms. */
  push(response: StoredResponse, expiresAtMs: number): void
  /** How many answers are not on chain yet. */
  size(): number
  /** Resolves when none is left. */
  idle(): Promise<void>
}

interface Waiting {
  response: StoredResponse
  expiresAtMs: number
}

/** How long the first answer of a batch waits for others, ms. */
const GATHER_MS = 5
/** The most that one transaction carries: bytes of sealed bodies, and answers. */
const BATCH = {bytes: 100_000, answers: 64}
/** For the ids, hashes and commands of one answer, bytes. */
const FRAME_BYTES = 400
const BACK_OFF_MS = {first: 200, most: 5000}
/** The chain has judged: sending the same again cannot help. */
const FINAL = new Set<ErrorName>(['MOVE_ABORT', 'SIMULATION_FAILED', 'TRANSACTION_FAILED', 'OBJECT_MISSING'])

/**
 * Makes a responder. One transaction at a time (they share the listener's gas coin), each as full as what waits
 * and the limits allow; a batch that the chain refuses is halved until the answer that is to blame stands alone.
 */
export function createResponder(deps: ResponderDeps): Responder {
  const waiting: Waiting[] = []
  const idlers: (() => void)[] = []
  let inFlight = 0
  let running = false

  async function run(): Promise<void> {
    while (waiting.length > 0 && !deps.signal.aborted) {
      await sleep(GATHER_MS)
      const batch = take(waiting)
      inFlight = batch.length
      await send(batch)
      inFlight = 0
    }
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    for (let attempt = 0; !deps.signal.aborted; attempt++) {
      const now = deps.clock()
      const late = batch.filter(({expiresAtMs}) => expiresAtMs <= now)
      if (late.length > 0) {
        const inTime = batch.filter((item) => !late.includes(item))
        deps.onEnd(idsOf(late), 'expired')
        return inTime.length === 0 ? undefined : send(inTime)
      }

      try {
        const {gasMist} = await deps.chain.storeResponses(
          batch.map(({response}) => response),
          deps.signal,
        )
        deps.onBatch?.(batch.length, gasMist)
        deps.onEnd(idsOf(batch), 'done')
        return
      } catch (error) {
        if (deps.signal.aborted) return
        if (error instanceof DaasError && FINAL.has(error.errorName)) return split(batch, error)
        deps.logger.warn(
          {...errorFields(error), answers: batch.length, attempt},
          'answers not stored, trying again',
        )
      }

      const ceiling = Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** attempt)
      await pause(ceiling / 2 + (Math.random() * ceiling) / 2, deps.signal)
    }
  }

  async function split(batch: readonly Waiting[], error: DaasError): Promise<void> {
    if (batch.length === 1) {
      deps.logger.warn({...errorFields(error), request: idsOf(batch)[0]}, 'the chain does not take an answer')
      deps.onEnd(idsOf(batch), 'refused')
      return
    }

    const half = Math.ceil(batch.length / 2)
    await send(batch.slice(0, half))
    await send(batch.slice(half))
  }

  function start(): void {
    if (running) return
    running = true
    run()
      .catch((error: unknown) => deps.logger.error(errorFields(error), 'the responder stumbled'))
      .finally(() => {
        running = false
        if (waiting.length > 0 && !deps.signal.aborted) start()
        else for (const idler of idlers.splice(0)) idler()
      })
  }

  return {
    push(response, expiresAtMs) {
      waiting.push({response, expiresAtMs})
      start()
    },
    size: () => waiting.length + inFlight,
    idle: () => (running ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve()),
  }
}

function take(waiting: Waiting[]): Waiting[] {
  let bytes = 0
  let count = 0
  for (const {response} of waiting) {
    bytes += response.body.length + FRAME_BYTES
    if (count > 0 && (bytes > BATCH.bytes || count >= BATCH.answers)) break
    count += 1
  }

  return waiting.splice(0, count)
}

function idsOf(batch: readonly Waiting[]): string[] {
  return batch.map(({response}) => response.request)
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, {signal}).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
