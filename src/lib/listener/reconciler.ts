import {isDeepStrictEqual} from 'node:util'
import {DaasError} from '../errors/daas-error.ts'
import type {AllowList} from '../kube/allow-list.ts'
import {deleteBootstrapSecret} from '../kube/bootstrap-secret.ts'
import {evictNode, type EvictionStepDone} from '../kube/evict.ts'
import type {KubeHttp} from '../kube/kube-http.ts'
import {leaseVersion} from '../kube/lease.ts'
import {isNodeReady, labelNode, liftQuarantine, readNode} from '../kube/node-ready.ts'
import {trustLabels} from '../kube/worker-marks.ts'
import type {ListenerChain} from './chain-port.ts'
import type {Journal} from './journal.ts'
import type {WorkerRecord, WorkerState} from './journal-workers.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'
import {lossesOf} from './losses.ts'
import type {Turns} from './turns.ts'
import {createWaker} from './waker.ts'

/** What the reconciler needs. */
export interface ReconcilerDeps {
  chain: ListenerChain
  http: KubeHttp
  allowList: AllowList
  journal: Journal
  logger: ListenerLogger
  clock: () => number
  signal: AbortSignal
  /** Settling a worker takes turns with its registrations. */
  inTurn: Turns
  /** How often to look without being told, ms. */
  pollMs: number
  /** How long pods of an evicted node get to end, ms. */
  evictionGraceMs?: number
  /** How long pods of a node that leaves get to move, ms. */
  drainGraceMs?: number
  onWorker?: (end: 'registered' | 'evicted' | 'lapsed' | 'left') => void
}

/** Brings cluster and chain to where the journal says that workers are. */
export interface Reconciler {
  /** Something has changed: look now. */
  kick(): void
  /** Works until the signal; begins with comparing every live worker with the chain. */
  run(): Promise<void>
}

/** Makes the reconciler. Every step may have been done before; a failed one is tried again at the next look. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const {journal, http, chain, allowList, logger, signal} = deps
  /** Who is being attended to, and whether something else has come up for them. */
  const busy = new Map<string, Attended>()
  const attending = new Set<Promise<void>>()
  let audited = false
  const waker = createWaker()

  async function settle({nodeName}: WorkerRecord): Promise<void> {
    await deps.inTurn(nodeName, async () => {
      // It may have registered again while it waited: what is settled is what the journal says now.
      const worker = journal.workers.get(nodeName)
      if (worker?.state === 'pending') await settlePending(worker)
    })
  }

  /** The right Node is there: the token has done its work, the node gets some. */
  async function settlePending(worker: WorkerRecord): Promise<void> {
    const {nodeName, stake, seal} = worker
    const node = await readNode(http, nodeName, signal)
    if (node === undefined && worker.tokenExpiresAtMs <= deps.clock()) return lapse(worker)
    if (!isNodeReady(node) || !(await isAlive(worker))) return
    await removeSecret(worker)
    const id = await recordOnChain(worker)
    if (id === undefined) return
    await labelNode(http, nodeName, trustLabels(stake), signal)
    await liftQuarantine(http, nodeName, signal)
    journal.workers.registered(nodeName, id)
    deps.onWorker?.('registered')
    logger.info({nodeName, stake, seal, worker: id}, 'worker registered')
  }

  async function removeSecret({nodeName, tokenId}: WorkerRecord): Promise<void> {
    await deleteBootstrapSecret(http, tokenId, {nodeName, signal})
    journal.secrets.forget(tokenId)
  }

  /** A Node that was Ready before this registration proves nothing until its kubelet has renewed its Lease. */
  async function isAlive({nodeName, leaseSeen}: WorkerRecord): Promise<boolean> {
    return leaseSeen === '' || (await leaseVersion(http, nodeName, signal)) !== leaseSeen
  }

  /** @returns the WorkerNode, or undefined where the chain does not want this worker */
  async function recordOnChain(worker: WorkerRecord): Promise<string | undefined> {
    const {nodeName, stake, seal} = worker
    const {byStake} = await chain.findWorker({stake, nodeName}, signal)
    if (byStake !== undefined) return byStake
    try {
      return (await chain.registerWorker({stake, seal}, signal)).worker
    } catch (error) {
      if (!(error instanceof DaasError) || error.errorName !== 'MOVE_ABORT') throw error
      logger.warn({...errorFields(error), nodeName, stake}, 'the chain refuses the worker')
      journal.workers.evictStake(stake, 'registration refused by the chain')
      kick()
      return undefined
    }
  }

  /** The token ran out before a Node came: as if it had never asked. */
  async function lapse(worker: WorkerRecord): Promise<void> {
    const {nodeName} = worker
    await allowList.deny(nodeName, signal)
    await removeSecret(worker)
    journal.workers.remove(nodeName)
    deps.onWorker?.('lapsed')
    logger.info({nodeName}, 'registration lapsed: no node came')
  }

  /** A registration that began before the worker had to go writes what must be taken away: it ends first. */
  const registrationsOf = (nodeName: string): Promise<void> => deps.inTurn(nodeName, async () => undefined)

  async function evict(worker: WorkerRecord): Promise<void> {
    const {nodeName, tokenId, stake, reason = 'evicted'} = worker
    await registrationsOf(nodeName)
    const graceMs = deps.evictionGraceMs
    const steps = await evictNode(http, {
      nodeName,
      tokenId,
      signal,
      ...(graceMs === undefined ? {} : {graceMs}),
    })
    journal.secrets.forget(tokenId)
    // Evicted before, its worker may be gone from the chain with its name.
    const {byStake, evicted} = await chain.findWorker({stake, nodeName}, signal)
    if (byStake !== undefined && evicted !== true) await chain.evictWorker(byStake, reason, signal)
    journal.workers.evicted(nodeName)
    deps.onWorker?.('evicted')
    logger.warn({nodeName, stake, reason, steps}, 'worker evicted')
  }

  /** It goes of its own will, and may come back with the same stake: nothing of it stays but its place on chain. */
  async function letGo(worker: WorkerRecord, cut: AbortSignal): Promise<void> {
    const {nodeName, tokenId, stake, reason} = worker
    await registrationsOf(nodeName)
    const steps = await drainOut(worker, cut)
    if (steps === undefined) return
    journal.secrets.forget(tokenId)
    // Slashed while it was drained: then it does not come back.
    if (journal.workers.get(nodeName)?.state !== 'leaving') return kick()
    const {byStake, evicted} = await chain.findWorker({stake, nodeName}, signal)
    if (byStake !== undefined && evicted !== true) {
      await chain.setStatus(byStake, 'offline', signal)
    }

    journal.workers.remove(nodeName)
    deps.onWorker?.('left')
    logger.info({nodeName, stake, reason, steps}, 'worker left')
  }

  /** @returns what was done; undefined where it stays, because it cannot be drained as it wanted to be */
  async function drainOut(worker: WorkerRecord, cut: AbortSignal): Promise<EvictionStepDone[] | undefined> {
    const {nodeName, tokenId, drain} = worker
    const graceMs = deps.drainGraceMs
    try {
      return await evictNode(http, {
        nodeName,
        tokenId,
        signal: AbortSignal.any([signal, cut]),
        isLeaving: true,
        ...(drain && !drain.force && {drain}),
        ...(graceMs !== undefined && {graceMs: Math.min(graceMs, drain?.timeoutMs ?? graceMs)}),
      })
    } catch (error) {
      if (!(error instanceof DaasError) || error.errorName !== 'DRAIN_REFUSED') throw error
      journal.workers.stay(nodeName, {reason: error.message, remedy: error.suggestions[0] ?? ''})
      logger.info({nodeName, reason: error.message}, 'worker stays')
      return undefined
    }
  }

  function attend(
    worker: WorkerRecord,
    work: (worker: WorkerRecord, cut: AbortSignal) => Promise<void>,
  ): void {
    const {nodeName, state} = worker
    const current = busy.get(nodeName)
    if (current !== undefined) {
      if (isOvertaken(current.as, worker)) current.cut.abort()
      if (state === 'evicting' || state === 'leaving') current.again = true
      return
    }

    const mine = {again: false, as: worker, cut: new AbortController()}
    busy.set(nodeName, mine)
    const done = work(worker, mine.cut.signal)
      .catch((error: unknown) => {
        if (!signal.aborted && !mine.cut.signal.aborted)
          logger.warn({...errorFields(error), nodeName}, 'not settled yet, trying again')
      })
      .finally(() => {
        busy.delete(nodeName)
        attending.delete(done)
        if (mine.again && isOnItsWayOut(journal.workers.get(nodeName)?.state)) kick()
      })
    attending.add(done)
  }

  async function audit(): Promise<void> {
    const workers = journal.workers.byState('pending', 'registered')
    for (const [{stake, seal}, {reason}] of await lossesOf(chain, workers, signal)) {
      if (reason === undefined) continue
      logger.warn({stake, seal, reason}, 'lost while nobody listened')
      journal.workers.evictStake(stake, reason)
    }

    audited = true
  }

  const kick = (): void => waker.wake()

  return {
    kick,
    async run() {
      while (!signal.aborted) {
        if (!audited) {
          await audit().catch((error: unknown) => {
            if (!signal.aborted) logger.warn(errorFields(error), 'workers not compared with the chain yet')
          })
        }

        // Those who must go do not wait for those who come: each is attended to on its own.
        for (const worker of journal.workers.byState('evicting')) attend(worker, evict)
        for (const worker of journal.workers.byState('leaving')) attend(worker, letGo)
        for (const worker of journal.workers.byState('pending')) attend(worker, settle)
        await waker.sleep(deps.pollMs, signal)
      }

      await Promise.all(attending)
    },
  }
}

interface Attended {
  /** Something has come up for it meanwhile. */
  again: boolean
  /** What the journal said of it at the beginning. */
  readonly as: WorkerRecord
  readonly cut: AbortController
}

/** A drain may take as long as its owner wants; being thrown out does not wait for it, nor does a less patient owner. */
function isOvertaken(before: WorkerRecord, {state, drain}: WorkerRecord): boolean {
  if (before.state !== 'leaving') return false
  return state === 'evicting' || !isDeepStrictEqual(before.drain, drain)
}

function isOnItsWayOut(state: WorkerState | undefined): boolean {
  return state === 'evicting' || state === 'leaving'
}
