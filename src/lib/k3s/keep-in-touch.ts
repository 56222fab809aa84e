import {setTimeout as delay} from 'node:timers/promises'
import {Transaction} from '@mysten/sui/transactions'
import {findWorkerByStake, readSeal} from '../contracts/reads.ts'
import {heartbeat} from '../contracts/transactions/nodes.ts'
import {followUpgrades, type CallTarget} from '../contracts/upgrades.ts'
import type {Enrolled} from '../stake/enroll.ts'
import {keepSeal} from '../stake/renew.ts'
import {executeTransaction} from '../sui/execute.ts'
import type {ListenerClient} from './register.ts'
import type {RunNodeDeps, RunNodeOptions} from './run-node-types.ts'
import type {StopReason} from './supervise.ts'

/** What staying in touch with the chain takes. */
export interface TouchOptions extends Pick<
  RunNodeOptions,
  'cluster' | 'heartbeatMs' | 'heartbeatOnChain' | 'renew'
> {
  readonly enrolled: Enrolled
  readonly client: Pick<ListenerClient, 'useToken'>
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  /** Ends both. */
  readonly signal: AbortSignal
}

/** Two tasks beside the agent: the seal is renewed before it ends, and, where wanted, heartbeats go on chain. */
export function keepInTouch(
  deps: RunNodeDeps,
  options: TouchOptions,
): {readonly sealEnded: Promise<StopReason>} {
  if (options.heartbeatOnChain) void beat(deps, options)
  return {sealEnded: keepOwnSeal(deps, options)}
}

/** Settles only when the seal has ended. */
async function keepOwnSeal(deps: RunNodeDeps, options: TouchOptions): Promise<StopReason> {
  const {cluster, enrolled, client, inTurn, signal} = options
  const {logger} = deps
  for (;;) {
    try {
      const {expiresAtMs} = await readSeal(deps.execute.client, enrolled.seal)
      return await keepSeal(deps, {
        cluster,
        stake: enrolled.stake,
        seal: enrolled.seal,
        expiresAtMs: Number(expiresAtMs),
        renew: options.renew ?? true,
        inTurn,
        logger,
        signal,
        onRenewed: (renewed) => {
          client.useToken(renewed.token)
          deps.onEvent?.({
            type: 'renewed',
            seal: enrolled.seal,
            expiresAt: new Date(renewed.expiresAtMs).toISOString(),
            digest: renewed.digest,
            gasMist: renewed.gasMist,
          })
        },
      })
    } catch (error) {
      if (signal.aborted) return new Promise<never>(() => {})
      logger.warn({err: error}, 'the seal cannot be watched; trying again')
      await pause(options.heartbeatMs, signal)
    }
  }
}

async function beat(
  deps: RunNodeDeps,
  {cluster, enrolled, heartbeatMs, inTurn, signal}: TouchOptions,
): Promise<void> {
  const {execute, logger} = deps
  const upgrades = followUpgrades(execute.client, cluster)
  let worker: string | undefined
  while (!signal.aborted) {
    try {
      // The listener registers it a moment after it is Ready.
      worker ??= (await findWorkerByStake(execute.client, cluster, enrolled.stake, signal))?.id
      const known = worker
      if (known !== undefined) {
        const send = (call: CallTarget) => {
          const tx = new Transaction()
          heartbeat(tx, {...call, worker: known})
          return executeTransaction({...execute, signal}, tx)
        }
        const {digest, gasMist} = await inTurn(() => upgrades.run(send, signal))
        deps.onEvent?.({type: 'heartbeat', digest, gasMist})
      }
    } catch (error) {
      if (!signal.aborted) logger.warn({err: error}, 'the heartbeat did not reach the chain')
    }

    await pause(heartbeatMs, signal)
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, {signal}).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
