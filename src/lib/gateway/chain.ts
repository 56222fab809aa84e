import {Transaction, type TransactionArgument} from '@mysten/sui/transactions'
import {
  executeGrantedCommandWithId,
  executeKubectlCommandWithId,
  K8sRequestProcessed,
} from '../contracts/generated/daas/k8s_gateway.ts'
import {GRANTED_SEAL, readGrant} from '../contracts/grants.ts'
import {listenerPinsOf, listenerUrlsFor} from '../contracts/listener-access.ts'
import {readCluster, readSeal, type ClusterInfo, type SealInfo} from '../contracts/reads.ts'
import {followUpgrades, type CallTarget} from '../contracts/upgrades.ts'
import {DaasError} from '../errors/daas-error.ts'
import {chunk, CHUNK_BYTES, joinChunks} from '../seal/chunks.ts'
import {streamEvents} from '../sui/event-stream.ts'
import {executeTransaction, type ExecuteDeps} from '../sui/execute.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import type {ChainAnswer, ChainRequest, GatewayChain} from './chain-port.ts'

/** Which cluster, with which seal, by which key. */
export interface GatewayChainOptions {
  /** Client, key, and the table of aborts; the key owns the seal. */
  execute: ExecuteDeps
  /** The node's URL, for error messages. */
  url: string
  cluster: Pick<ClusterInfo, 'id' | 'packageId' | 'versionPackageId'>
  seal: Pick<SealInfo, 'id' | 'stake'> & Partial<Pick<SealInfo, 'kind' | 'stakeAmount'>>
  /** Both as they were read just now: the first look at them costs no round trip. */
  first?: {cluster: ClusterInfo; seal: SealInfo}
  /** Unix time, ms. */
  now?: () => number
  /** Told of each lost connection of the event stream. */
  onReconnect?: (error: unknown, attempt: number) => void
}

/**
 * The chain of a gateway, on Sui.
 * @example createGatewayChain({execute, url, cluster: await readCluster(client, id), seal: await readSeal(client, sealId)})
 */
export function createGatewayChain(options: GatewayChainOptions): GatewayChain {
  const {execute, url} = options
  const {client} = execute
  const upgrades = followUpgrades(client, options.cluster)
  const first = {...options.first}
  return {
    submit: (batch, signal) =>
      upgrades.run(async (call) => {
        const tx = new Transaction()
        const requestOfCommand = batch.flatMap((request, index) =>
          Array.from({length: addRequest(tx, call, options.seal, request)}, () => index),
        )
        try {
          const {digest, gasMist} = await executeTransaction({...execute, signal}, tx)
          return {digest, gasMist}
        } catch (error) {
          throw withRequestIndex(error, requestOfCommand)
        }
      }, signal),
    async *answers(signal, onReady) {
      const events = streamEvents({
        client,
        packageId: options.cluster.packageId,
        module: 'k8s_gateway',
        signal,
        onSubscribed: onReady,
        ...(options.onReconnect && {onReconnect: options.onReconnect}),
      })
      for await (const event of events) {
        if (event.name === 'K8sRequestProcessed') yield decodeAnswer(event.bcs)
      }
    },
    async readCluster(signal) {
      const {cluster} = first
      delete first.cluster
      const info =
        cluster ?? (await withRpcErrors(url, () => readCluster(client, options.cluster.id, signal)))
      const {id, name, paused, listenerHpkeKey} = info
      return {
        id,
        name,
        paused,
        listenerUrls: listenerUrlsFor(info, options.seal.stakeAmount ?? 0n),
        listenerHpkeKey,
        listenerTlsPin: listenerPinsOf(info, (options.now ?? Date.now)()),
        maxEnvelopeBytes: Number(info.maxEnvelopeBytes),
      }
    },
    async readSeal(signal) {
      const {seal: known} = first
      delete first.seal
      const read = known ?? (await withRpcErrors(url, () => readSeal(client, options.seal.id, signal)))
      const {id, owner, permissions, expiresAtMs, kind, stake} = read
      const seal = {id, owner, permissions, expiresAtMs: Number(expiresAtMs)}
      if (kind !== GRANTED_SEAL) return seal
      try {
        const grant = await withRpcErrors(url, () => readGrant(client, stake, signal))
        const endsAtMs = Math.min(seal.expiresAtMs, Number(grant.expiresAtMs))
        return {...seal, expiresAtMs: endsAtMs, namespaces: grant.namespaces}
      } catch (error) {
        // Only a grant that is over can be pruned.
        const pruned = error instanceof DaasError && error.errorName === 'OBJECT_MISSING'
        if (pruned) return {...seal, expiresAtMs: 0, namespaces: []}
        throw error
      }
    },
  }
}

/** Reads the BCS of a K8sRequestProcessed event. */
export function decodeAnswer(bytes: Uint8Array): ChainAnswer {
  const event = K8sRequestProcessed.parse(bytes)
  return {
    requestId: Uint8Array.from(event.request_id),
    cluster: event.cluster,
    status: event.status,
    body: joinChunks(event.body),
    bodyHash: Uint8Array.from(event.body_hash),
    bodyLocation: event.body_location,
  }
}

/** @returns how many commands the request takes */
function addRequest(
  tx: Transaction,
  {packageId, cluster}: CallTarget,
  seal: GatewayChainOptions['seal'],
  request: ChainRequest,
): number {
  const chunks = chunk(request.envelope)
  const one = request.envelope.length <= CHUNK_BYTES
  const call = {
    cluster,
    seal: seal.id,
    requestId: [...request.requestId],
    verb: request.verb,
    resource: request.resource,
    namespace: request.namespace,
    envelope: one ? chunks.map((part) => [...part]) : vectorOf(tx, chunks),
    priority: request.priority,
  }
  if (seal.kind === GRANTED_SEAL) {
    executeGrantedCommandWithId({package: packageId, arguments: {...call, grant: seal.stake}})(tx)
  } else {
    executeKubectlCommandWithId({package: packageId, arguments: {...call, stake: seal.stake}})(tx)
  }

  return one ? 1 : 2
}

/** A pure argument of Sui holds 16 KiB: what is larger is put together by a command from one argument for each chunk. */
function vectorOf(tx: Transaction, chunks: readonly Uint8Array[]): TransactionArgument {
  return tx.makeMoveVec({
    type: 'vector<u8>',
    elements: chunks.map((part) => tx.pure.vector('u8', part)),
  })
}

/** Says which request of a batch the chain refused, by the command that failed. */
function withRequestIndex(error: unknown, requestOfCommand: readonly number[]): unknown {
  if (!(error instanceof DaasError)) return error
  const requestIndex = requestOfCommand[Number(error.details?.command ?? Number.NaN)]
  if (requestIndex === undefined) return error
  // In place: the error keeps its stack, its cause and the sentence that was made for it.
  return Object.assign(error, {details: {...error.details, requestIndex}})
}
