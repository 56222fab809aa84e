import type {ClientWithCoreApi} from '@mysten/sui/client'
import type {Transaction} from '@mysten/sui/transactions'
import * as grantedSeals from './generated/daas/granted_seal.ts'
import * as generated from './generated/daas/grants.ts'
import {listObjects, readObject, type RawObject} from './objects.ts'
import type {ClusterCall, ObjectRef} from './transactions/call.ts'
import type {SealParams} from './transactions/seals.ts'

/** The kind of a seal that was made of a grant. */
export const GRANTED_SEAL = 3

/** A UserPermission object: a grant. Times in ms. */
export interface GrantInfo {
  readonly id: string
  readonly packageId: string
  readonly cluster: string
  readonly user: string
  /** `verb:resource`. */
  readonly permissions: string[]
  /** Names, or `*`. */
  readonly namespaces: string[]
  readonly grantedAtMs: bigint
  readonly expiresAtMs: bigint
  readonly revoked: boolean
}

/** A GrantTicket object. */
export interface GrantTicketInfo {
  readonly id: string
  readonly packageId: string
  readonly grant: string
  readonly cluster: string
}

/** Reads a UserPermission. @throws OBJECT_MISSING, OBJECT_WRONG_TYPE */
export async function readGrant(
  client: ClientWithCoreApi,
  id: string,
  signal?: AbortSignal,
): Promise<GrantInfo> {
  return grantInfo(await readObject(client, id, 'grants::UserPermission', signal))
}

/** The GrantTickets of an address, of all clusters of the package. */
export async function listGrantTickets(
  client: ClientWithCoreApi,
  packageId: string,
  owner: string,
  signal?: AbortSignal,
): Promise<GrantTicketInfo[]> {
  return (await listObjects(client, owner, `${packageId}::grants::GrantTicket`, signal)).map(ticketInfo)
}

/** Makes a seal of a grant; it goes to the sender. */
export function createGrantedSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {grant: ObjectRef},
): void {
  grantedSeals.createGrantedSealToken({package: params.packageId, arguments: sealArguments(params)})(tx)
}

/** Gives a seal of a grant a new token and a new time to live. */
export function rotateGrantedSeal(
  tx: Transaction,
  params: ClusterCall & SealParams & {seal: ObjectRef; grant: ObjectRef},
): void {
  const call = {seal: params.seal, ...sealArguments(params)}
  grantedSeals.rotate({package: params.packageId, arguments: call})(tx)
}

/** Deletes a grant that is over; the sender gets the storage rebate. */
export function pruneGrant(tx: Transaction, params: {packageId: string; grant: ObjectRef}): void {
  generated.prune({package: params.packageId, arguments: {grant: params.grant}})(tx)
}

/** Throws a ticket away, as its owner. */
export function discardGrantTicket(tx: Transaction, params: {packageId: string; ticket: ObjectRef}): void {
  generated.discardTicket({package: params.packageId, arguments: {ticket: params.ticket}})(tx)
}

/** Reads the BCS of a UserPermission. */
export function grantInfo({id, packageId, content}: RawObject): GrantInfo {
  const raw = generated.UserPermission.parse(content)
  return {
    id,
    packageId,
    cluster: raw.cluster,
    user: raw.user,
    permissions: raw.permissions,
    namespaces: raw.namespaces,
    grantedAtMs: BigInt(raw.granted_at_ms),
    expiresAtMs: BigInt(raw.expires_at_ms),
    revoked: raw.revoked,
  }
}

function ticketInfo({id, packageId, content}: RawObject): GrantTicketInfo {
  const {grant, cluster} = generated.GrantTicket.parse(content)
  return {id, packageId, grant, cluster}
}

function sealArguments({cluster, grant, tokenHash, ttlMs}: ClusterCall & SealParams & {grant: ObjectRef}) {
  return {cluster, grant, tokenHash: [...tokenHash], ttlMs}
}
