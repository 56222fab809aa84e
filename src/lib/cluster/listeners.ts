import {revokeListenerCap, setEndpoints} from '../contracts/administration.ts'
import type {EndpointInfo} from '../contracts/cluster-info.ts'
import {readCluster} from '../contracts/reads.ts'
import {createListenerCap, dropPreviousKeys} from '../contracts/transactions/cluster.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {administer, type AdminDeps, type Administered} from './administer.ts'
import {checkedAddress} from './grant.ts'
import {checkedId} from './parse-settings.ts'

/** Who may act as a listener. */
export interface ListenerAdded extends Administered {
  address: string
  listenerCap?: string
}

/** Which ListenerCap ended. */
export interface ListenerRevoked extends Administered {
  listenerCap: string
}

/** What the cluster's keys are when those before them are good no more. */
export interface KeysDropped extends Administered {
  /** Counts the keys. */
  keyEpoch: bigint
}

/** Where stakes of at least so much find the listener. */
export interface EndpointsSet extends Administered {
  endpoints: readonly EndpointInfo[]
}

/**
 * Makes one more ListenerCap. Each run makes another one: that is how a key is replaced without a gap.
 * @throws ADDRESS_INVALID, and those of administer
 */
export async function addListener(
  deps: AdminDeps,
  options: {readonly cluster: string; readonly address: string; readonly dryRun?: boolean},
): Promise<ListenerAdded> {
  const address = checkedAddress(options.address)
  const {done, tx} = await administer(deps, options, (made, call) =>
    createListenerCap(made, {...call, recipient: address}),
  )
  const id = tx?.created.find(({type}) => type.endsWith('::cluster::ListenerCap'))?.objectId
  return {...done, address, ...(id !== undefined && {listenerCap: id})}
}

/**
 * Ends a ListenerCap, whoever holds it. A second run changes nothing.
 * @throws OBJECT_ID_INVALID, and those of administer
 */
export async function revokeListener(
  deps: AdminDeps,
  options: {readonly cluster: string; readonly listenerCap: string; readonly dryRun?: boolean},
): Promise<ListenerRevoked> {
  const listenerCap = checkedId(options.listenerCap)
  const {client} = deps.execute
  const {id, listenerCaps} = await withRpcErrors(deps.url, () => readCluster(client, options.cluster))
  if (!listenerCaps.includes(listenerCap)) return {changed: false, cluster: id, listenerCap}
  const {done} = await administer(deps, options, (tx, call) => revokeListenerCap(tx, {...call, listenerCap}))
  return {...done, listenerCap}
}

/**
 * Says where stakes find the listener, by their amount; replaces what was said before. With the ListenerCap: it is the
 * listener who knows where it is.
 * @throws CAP_MISSING when the sender does not hold the ListenerCap, and those of administer
 */
export async function changeEndpoints(
  deps: AdminDeps,
  options: {
    readonly cluster: string
    readonly endpoints: readonly EndpointInfo[]
    readonly dryRun?: boolean
  },
): Promise<EndpointsSet> {
  const {endpoints} = options
  const {done} = await administer(deps, {...options, cap: 'ListenerCap'}, (tx, call) =>
    setEndpoints(tx, {...call, endpoints}),
  )
  return {...done, endpoints}
}

/**
 * Ends the overlap of the listener's keys at once: those before the present ones are good no more. With the ListenerCap.
 * A second run changes nothing.
 * @throws CAP_MISSING when the sender does not hold the ListenerCap, and those of administer
 */
export async function dropKeys(
  deps: AdminDeps,
  options: {readonly cluster: string; readonly dryRun?: boolean},
): Promise<KeysDropped> {
  const {client} = deps.execute
  const before = await withRpcErrors(deps.url, () => readCluster(client, options.cluster))
  const {id: cluster, keyEpoch} = before
  if (before.previousHpkeKey.length === 0) return {changed: false, cluster, keyEpoch}
  const {done} = await administer(deps, {...options, cap: 'ListenerCap'}, dropPreviousKeys)
  return {...done, keyEpoch}
}
