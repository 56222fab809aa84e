import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {isValidSuiAddress, normalizeSuiAddress} from '@mysten/sui/utils'
import {grantPermission, revokePermission} from '../contracts/administration.ts'
import {listGrantTickets, readGrant, type GrantInfo} from '../contracts/grants.ts'
import {readCluster} from '../contracts/reads.ts'
import {DaasError, daasError} from '../errors/daas-error.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {administer, type AdminDeps, type Administered} from './administer.ts'
import {PERMISSION} from './permission.ts'

const NAMESPACE = /^(\*|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$/

/** What to grant. */
export interface GrantOptions {
  readonly cluster: string
  readonly address: string
  /** `verb:resource`. */
  readonly permissions: readonly string[]
  /** Names, or `*`. */
  readonly namespaces: readonly string[]
  /** ms since 1970. */
  readonly expiresAtMs: bigint
  readonly dryRun?: boolean
}

/** What was granted. */
export interface GrantResult extends Administered {
  address: string
  grant?: string
  permissions: readonly string[]
  namespaces: readonly string[]
  expiresAt: string
}

/** What was revoked; `grants` is empty where nothing was live any more. */
export interface RevokeResult extends Administered {
  address: string
  grants: readonly string[]
}

/** @throws ADDRESS_INVALID */
export function checkedAddress(text: string): string {
  const address = normalizeSuiAddress(text)
  if (!/^0x/.test(text) || !isValidSuiAddress(address)) throw daasError('ADDRESS_INVALID', {address: text})
  return address
}

/**
 * Allows an address commands without a stake.
 * @throws ADDRESS_INVALID, PERMISSION_INVALID, NAMESPACE_INVALID and those of administer
 */
export async function grant(deps: AdminDeps, options: GrantOptions): Promise<GrantResult> {
  const {permissions, namespaces, expiresAtMs} = options
  const address = checkedAddress(options.address)
  const permission = permissions.find((each) => !PERMISSION.test(each))
  if (permission !== undefined) throw daasError('PERMISSION_INVALID', {permission})
  const namespace = namespaces.find((each) => !NAMESPACE.test(each))
  if (namespace !== undefined) throw daasError('NAMESPACE_INVALID', {namespace})
  const {done, tx} = await administer(deps, options, (made, call) =>
    grantPermission(made, {...call, user: address, permissions, namespaces, expiresAtMs}),
  )
  const id = tx?.created.find(({type}) => type.endsWith('::grants::UserPermission'))?.objectId
  const expiresAt = new Date(Number(expiresAtMs)).toISOString()
  return {...done, address, ...(id !== undefined && {grant: id}), permissions, namespaces, expiresAt}
}

/**
 * Takes back what an address was granted: all of it, at once. A second run changes nothing.
 * @throws ADDRESS_INVALID, GRANT_MISSING where it never had any, and those of administer
 */
export async function revokeGrants(
  deps: AdminDeps,
  options: {readonly cluster: string; readonly address: string; readonly dryRun?: boolean},
): Promise<RevokeResult> {
  const address = checkedAddress(options.address)
  const {client} = deps.execute
  const grants = await withRpcErrors(deps.url, () => grantsOf(client, options.cluster, address))
  if (grants.length === 0) throw daasError('GRANT_MISSING', {address, cluster: options.cluster})
  const live = grants.filter(({revoked}) => !revoked).map(({id}) => id)
  if (live.length === 0) return {changed: false, cluster: options.cluster, address, grants: []}
  const {done} = await administer(deps, options, (tx, call) => {
    for (const each of live) revokePermission(tx, {...call, grant: each})
  })
  return {...done, address, grants: live}
}

/** The grants of an address in a cluster that are not pruned, the one that ends last first. */
export async function grantsOf(
  client: SuiGrpcClient,
  cluster: string,
  address: string,
): Promise<GrantInfo[]> {
  const {id, packageId} = await readCluster(client, cluster)
  const tickets = (await listGrantTickets(client, packageId, address)).filter((each) => each.cluster === id)
  const grants = await Promise.all(
    tickets.map((ticket) => unlessPruned(() => readGrant(client, ticket.grant))),
  )
  return grants
    .filter((each) => each !== undefined)
    .sort((a, b) => (a.expiresAtMs > b.expiresAtMs ? -1 : a.expiresAtMs < b.expiresAtMs ? 1 : 0))
}

async function unlessPruned<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof DaasError && error.errorName === 'OBJECT_MISSING') return undefined
    throw error
  }
}
