import {setTimeout as sleep} from 'node:timers/promises'
import {DaasError} from '../errors/daas-error.ts'
import type {ErrorName} from '../errors/daas-error.ts'
import type {EndedSession, ListenerChain} from './chain-port.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'

/** What reporting needs. */
export interface SessionReportsDeps {
  chain: Pick<ListenerChain, 'endSessions'>
  logger: ListenerLogger
  /** Gives up what is not on chain by then. */
  signal: AbortSignal
  /** How long the first end of a batch waits for others, ms. */
  gatherMs: number
}

/** Puts the ends of sessions on chain. */
export interface SessionReports {
  push(ended: EndedSession): void
  /** How many are not on chain yet. */
  size(): number
  /** Sends what waits without gathering more; resolves when none is left. */
  flush(): Promise<void>
}

/** The most ends of one transaction. */
const BATCH = 100
const BACK_OFF_MS = {first: 500, most: 10_000}
/** The chain has judged: sending the same again cannot help. */
const FINAL = new Set<ErrorName>(['MOVE_ABORT', 'SIMULATION_FAILED', 'TRANSACTION_FAILED'])

/** Makes the reporter: one transaction at a time, tried again until the chain takes it or refuses it for good. */
export function createSessionReports(deps: SessionReportsDeps): SessionReports {
  const waiting: EndedSession[] = []
  let sending = 0
  let running: Promise<void> | undefined
  let hurry = new AbortController()

  async function run(): Promise<void> {
    while (waiting.length > 0 && !deps.signal.aborted) {
      if (waiting.length < BATCH) await pause(deps.gatherMs, AbortSignal.any([deps.signal, hurry.signal]))
      const batch = waiting.splice(0, BATCH)
      sending = batch.length
      await send(batch)
      sending = 0
    }
  }

  async function send(batch: readonly EndedSession[]): Promise<void> {
    for (let attempt = 0; !deps.signal.aborted; attempt++) {
      try {
        await deps.chain.endSessions(batch, deps.signal)
        return
      } catch (error) {
        if (deps.signal.aborted) break
        const fields = {...errorFields(error), sessions: batch.length, attempt}
        if (error instanceof DaasError && FINAL.has(error.errorName)) {
          deps.logger.error(fields, 'the chain does not take the ends of sessions')
          return
        }

        deps.logger.warn(fields, 'ends of sessions not recorded, trying again')
      }

      await pause(Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** attempt), deps.signal)
    }

    deps.logger.warn({sessions: batch.length}, 'ends of sessions are not recorded: the listener is closed')
  }

  function start(): void {
    running ??= run().finally(() => {
      running = undefined
      if (waiting.length > 0 && !deps.signal.aborted) start()
    })
  }

  return {
    push(ended) {
      waiting.push(ended)
      start()
    },
    size: () => waiting.length + sending,
    async flush() {
      hurry.abort()
      while (running !== undefined) await running
      hurry = new AbortController()
    },
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, {signal}).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
