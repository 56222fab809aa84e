import type {Signer} from '@mysten/sui/cryptography'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Transaction} from '@mysten/sui/transactions'
import PQueue from 'p-queue'
import {abortOf} from '../contracts/aborts.ts'
import {decodeEvent} from '../contracts/events.ts'
import * as generated from '../contracts/generated/daas/cluster.ts'
import {UserPermission} from '../contracts/generated/daas/grants.ts'
import {beat} from '../contracts/heartbeat.ts'
import {requestInfo, sealInfo, stakeInfo} from '../contracts/infos.ts'
import {listObjects, readObject, readObjects} from '../contracts/objects.ts'
import {
  EVICTED,
  findWorker,
  findWorkerByStake,
  readCluster,
  readSeal,
  readStake,
  readWorker,
} from '../contracts/reads.ts'
import {announceListener} from '../contracts/transactions/cluster.ts'
import {
  evictWorker,
  registerWorker,
  reportLiveness,
  setWorkerStatus,
} from '../contracts/transactions/nodes.ts'
import {endSession, pruneRequest, storeResponse} from '../contracts/transactions/requests.ts'
import {followUpgrades} from '../contracts/upgrades.ts'
import type {CallTarget} from '../contracts/upgrades.ts'
import {DaasError, daasError} from '../errors/daas-error.ts'
import {chunk} from '../seal/chunks.ts'
import {streamEvents} from '../sui/event-stream.ts'
import {executeTransaction} from '../sui/execute.ts'
import type {ExecutedTx} from '../sui/execute.ts'
import {toListenerEvent} from './chain-events.ts'
import type {ListenerChain} from './chain-port.ts'
import {clusterView, requestEndOf, sealView, stakeView} from './chain-views.ts'

/** What the listener's view of the chain is made of. */
export interface ListenerChainOptions {
  client: SuiGrpcClient
  /** Owns the ListenerCap and pays for answers. */
  signer: Signer
  /** Object id of the Cluster. */
  clusterId: string
  /** The node's URL, for error messages. */
  url?: string
}

const WORKER_STATUS = {ready: 1, offline: 2} as const

/**
 * The listener's view of one cluster on chain.
 * @throws OBJECT_MISSING, OBJECT_WRONG_TYPE where the id is no cluster; LISTENER_CAP_MISSING
 */
export async function createListenerChain(
  options: ListenerChainOptions,
  signal: AbortSignal,
): Promise<ListenerChain> {
  const {client, signer, clusterId} = options
  const opened = await readCluster(client, clusterId, signal)
  const {packageId, registry} = opened
  const cap = await findListenerCap(options, packageId, signal)
  const upgrades = followUpgrades(client, opened)
  // All transactions are paid by one address: two at a time would fight over its coins.
  const turns = new PQueue({concurrency: 1})

  type Build = (tx: Transaction, call: CallTarget) => void
  function execute(build: Build, stop: AbortSignal, priority = 0): Promise<ExecutedTx> {
    const deps = {client, signer, signal: stop, describeAbort: abortOf}
    const send = (call: CallTarget): Promise<ExecutedTx> => {
      const tx = new Transaction()
      build(tx, call)
      return executeTransaction(options.url === undefined ? deps : {...deps, url: options.url}, tx)
    }
    return turns.add(() => upgrades.run(send, stop), {priority})
  }

  /** A worker's place in the bitmap never changes. */
  const places = new Map<string, number>()
  async function placeOf(worker: string, stop: AbortSignal): Promise<number> {
    const known = places.get(worker) ?? Number((await readWorker(client, worker, stop)).index)
    places.set(worker, known)
    return known
  }

  return {
    readCluster: async (stop) => clusterView(await readCluster(client, clusterId, stop)),
    readSeal: (id, stop) =>
      unlessMissing(async () => {
        const [seal, cluster] = await Promise.all([
          readSeal(client, id, stop),
          readCluster(client, clusterId, stop),
        ])
        return sealView(seal, cluster)
      }),
    readStake: (id, stop) => unlessMissing(async () => stakeView(await readStake(client, id, stop))),
    async readStakes(ids, stop) {
      const objects = await readObjects(client, ids, 'staking::Stake', stop)
      return objects.map((object) => object && stakeView(stakeInfo(object)))
    },
    async readSeals(ids, stop) {
      const [objects, cluster] = await Promise.all([
        readObjects(client, ids, 'seal_token::SealToken', stop),
        readCluster(client, clusterId, stop),
      ])
      return objects.map((object) => object && sealView(sealInfo(object), cluster))
    },
    async isGrantLive(id, nowMs, stop) {
      const grant = await unlessMissing(async () => readObject(client, id, 'grants::UserPermission', stop))
      if (grant === undefined) return false
      const {cluster, revoked, expires_at_ms: end} = UserPermission.parse(grant.content)
      return cluster === clusterId && !revoked && Number(end) > nowMs
    },
    async findWorker({stake, nodeName}, stop) {
      const [byStake, byName] = await Promise.all([
        findWorkerByStake(client, {registry}, stake, stop),
        findWorker(client, {registry}, nodeName, stop),
      ])
      return {
        ...(byStake === undefined ? {} : {byStake: byStake.id, evicted: byStake.status === EVICTED}),
        ...(byName === undefined ? {} : {byName: byName.id}),
      }
    },
    announce: (it, stop) =>
      execute((tx, call) => {
        announceListener(tx, {...call, cap, ...it})
        beat(tx, {...call, cap, status: 'serving'})
      }, stop),
    async registerWorker({stake, seal}, stop) {
      const executed = await execute(
        (tx, call) => registerWorker(tx, {...call, registry, cap, stake, seal}),
        stop,
      )
      const event = executed.events
        .map((it) => decodeEvent(it))
        .find((it) => it?.$kind === 'WorkerRegistered')
      if (event?.$kind !== 'WorkerRegistered')
        throw new TypeError(`no WorkerRegistered in ${executed.digest}`)
      return {worker: event.worker, digest: executed.digest}
    },
    async evictWorker(worker, reason, stop) {
      try {
        await execute((tx, call) => evictWorker(tx, {...call, registry, cap, worker, reason}), stop)
      } catch (error) {
        if (!isAbort(error, 'E_EVICTED')) throw error
      }
    },
    async setStatus(worker, status, stop) {
      await execute(
        (tx, call) => setWorkerStatus(tx, {...call, cap, worker, status: WORKER_STATUS[status]}),
        stop,
      )
    },
    async reportLiveness({alive, changed}, stop) {
      const places = await Promise.all(alive.map((id) => placeOf(id, stop)))
      const {digest, gasMist} = await execute((tx, call) => {
        reportLiveness(tx, {...call, cap, bitmap: bitmapOf(places)})
        beat(tx, {...call, cap, status: 'serving'})
        for (const {worker, status} of changed) {
          setWorkerStatus(tx, {...call, cap, worker, status: WORKER_STATUS[status]})
        }
      }, stop)
      return {digest, gasMist}
    },
    async storeResponses(responses, stop) {
      const {digest, gasMist} = await execute((tx, call) => {
        for (const {body, ...response} of responses) {
          storeResponse(tx, {...call, cap, ...response, body: chunk(body)})
        }
      }, stop)
      return {digest, gasMist}
    },
    async requestEnds(ids, stop) {
      const objects = await readObjects(client, ids, 'k8s_gateway::KubectlRequest', stop)
      return objects.map((object) => object && requestEndOf(requestInfo(object)))
    },
    async pruneRequests(ids, stop) {
      const build: Build = (tx, call) => {
        for (const request of ids) pruneRequest(tx, {...call, request})
      }
      const {digest, gasMist} = await execute(build, stop, -1)
      return {digest, gasMist}
    },
    async endSessions(ended, stop) {
      const {digest} = await execute((tx, call) => {
        for (const end of ended) endSession(tx, {...call, cap, ...end})
      }, stop)
      return {digest}
    },
    async *events({after, signal: stop, onSubscribed, onReconnect}) {
      const stream = streamEvents({
        client,
        packageId,
        signal: stop,
        onSubscribed,
        onReconnect,
        ...(after === undefined ? {} : {after}),
      })
      for await (const event of stream) yield toListenerEvent(event, clusterId)
    },
  }
}

/** Bit `place % 8` of byte `place / 8` (node_registry.move). */
function bitmapOf(places: readonly number[]): Uint8Array {
  const bitmap = new Uint8Array(places.length === 0 ? 0 : Math.floor(Math.max(...places) / 8) + 1)
  for (const place of places) bitmap[Math.floor(place / 8)]! |= 1 << (place % 8)
  return bitmap
}

async function findListenerCap(
  {client, signer, clusterId}: ListenerChainOptions,
  packageId: string,
  signal: AbortSignal,
): Promise<string> {
  const address = signer.toSuiAddress()
  const caps = await listObjects(client, address, `${packageId}::cluster::ListenerCap`, signal)
  const cap = caps.find(({content}) => generated.ListenerCap.parse(content).cluster === clusterId)
  if (cap === undefined) throw daasError('LISTENER_CAP_MISSING', {address, cluster: clusterId})
  return cap.id
}

async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    const name = error instanceof DaasError ? error.errorName : undefined
    if (name === 'OBJECT_MISSING' || name === 'OBJECT_WRONG_TYPE') return undefined
    throw error
  }
}

function isAbort(error: unknown, abort: string): boolean {
  return error instanceof DaasError && error.errorName === 'MOVE_ABORT' && error.details?.abort === abort
}
