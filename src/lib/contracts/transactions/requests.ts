import {bcs} from '@mysten/sui/bcs'
import type {Transaction, TransactionArgument} from '@mysten/sui/transactions'
import * as gateway from '../generated/daas/k8s_gateway.ts'
import * as sessions from '../generated/daas/sessions.ts'
import type {ClusterCall, ObjectRef} from './call.ts'

const MAX_PURE_BYTES = 16_384

/**
 * Asks for a command to be carried out; the request object is shared by the chain. `stake` is what the seal was made
 * of: with `granted`, a UserPermission.
 */
export function executeKubectl(
  tx: Transaction,
  params: ClusterCall & {
    seal: ObjectRef
    stake: ObjectRef
    /** 16 bytes. */
    requestId: Uint8Array
    verb: string
    resource: string
    /** '' = cluster scope. */
    namespace: string
    /** Chunks of at most 16000 bytes. */
    envelope: readonly Uint8Array[]
    /** 0 (interactive) to 3. */
    priority: number
    /** Whether the seal is of a grant (kind 3). */
    granted?: boolean
  },
): void {
  const {packageId, stake} = params
  const call = {
    cluster: params.cluster,
    seal: params.seal,
    requestId: [...params.requestId],
    verb: params.verb,
    resource: params.resource,
    namespace: params.namespace,
    envelope: chunks(tx, params.envelope),
    priority: params.priority,
  }
  if (params.granted) {
    gateway.executeGrantedCommandWithId({package: packageId, arguments: {...call, grant: stake}})(tx)
  } else {
    gateway.executeKubectlCommandWithId({package: packageId, arguments: {...call, stake}})(tx)
  }
}

/** Answers a request: with the sealed body, or with its hash and where it is. */
export function storeResponse(
  tx: Transaction,
  params: ClusterCall & {
    request: ObjectRef
    cap: ObjectRef
    status: number
    body: readonly Uint8Array[]
    /** SHA-256 of the sealed body. */
    bodyHash: Uint8Array
    /** '' = on chain. */
    bodyLocation: string
  },
): void {
  gateway.storeK8sResponse({
    package: params.packageId,
    arguments: {
      request: params.request,
      cluster: params.cluster,
      cap: params.cap,
      status: params.status,
      body: chunks(tx, params.body),
      bodyHash: [...params.bodyHash],
      bodyLocation: params.bodyLocation,
    },
  })(tx)
}

/** Records that a session is over; its start is the request. */
export function endSession(
  tx: Transaction,
  params: ClusterCall & {
    cap: ObjectRef
    /** Object id of the KubectlRequest, which may be gone. */
    request: string
    /** 16 bytes. */
    requestId: Uint8Array
    /** From the requester to the cluster. */
    bytesIn: number | bigint
    /** From the cluster to the requester. */
    bytesOut: number | bigint
    /** 0 to 7, as `SessionEnded` of sessions.move says. */
    reason: number
  },
): void {
  sessions.endSession({
    package: params.packageId,
    arguments: {
      cluster: params.cluster,
      cap: params.cap,
      request: params.request,
      requestId: [...params.requestId],
      bytesIn: params.bytesIn,
      bytesOut: params.bytesOut,
      reason: params.reason,
    },
  })(tx)
}

/** Deletes a request whose time is over; the sender gets the storage rebate. */
export function pruneRequest(tx: Transaction, params: {packageId: string; request: ObjectRef}): void {
  gateway.prune({package: params.packageId, arguments: {request: params.request}})(tx)
}

/** A pure input may have 16 KiB at most: more is put together of one input per chunk. */
function chunks(tx: Transaction, parts: readonly Uint8Array[]): TransactionArgument {
  const size = parts.reduce((sum, part) => sum + part.length + 4, 4)
  if (size <= MAX_PURE_BYTES) return tx.pure(bcs.vector(bcs.byteVector()).serialize([...parts]))
  const elements = parts.map((part) => tx.pure(bcs.byteVector().serialize(part)))
  return tx.makeMoveVec({type: 'vector<u8>', elements})
}
