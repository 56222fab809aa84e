import {bcs} from '@mysten/sui/bcs'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {normalizeSuiAddress} from '@mysten/sui/utils'
import type {Settings} from '../config/settings.ts'
import {readCluster} from '../contracts/reads.ts'
import {DaasError} from '../errors/daas-error.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'

/** What an address is in a cluster, by what it holds. */
export type Role = 'administrator' | 'listener' | 'staker' | 'sealed' | 'granted'

/** A cluster that is known. */
export interface ListedCluster {
  cluster: string
  /** Its name in the configuration; absent where it has none. */
  name?: string
  /** Its name on chain; absent where it is known from the configuration only. */
  nameOnChain?: string
  /** The package that defines it; absent as nameOnChain. */
  package?: string
  network?: string
  rpcUrl?: string
  /** Used where no other is named. */
  current: boolean
  roles: readonly Role[]
}

/** Whose clusters to look for on chain. */
export interface ClusterSearch {
  readonly client: SuiGrpcClient
  readonly url: string
  readonly owner: string
  readonly network: string
}

const Id = bcs.Address
/** Where the cluster stands in what an address can hold, and what holding it makes of the address. */
const HOLDINGS: Readonly<
  Record<string, {readonly role: Role; readonly clusterOf: (content: Uint8Array) => string}>
> = {
  'cluster::AdminCap': {role: 'administrator', clusterOf: second},
  'cluster::ListenerCap': {role: 'listener', clusterOf: second},
  'grants::GrantTicket': {role: 'granted', clusterOf: third},
  'staking::StakeTicket': {role: 'staker', clusterOf: third},
  'seal_token::SealToken': {role: 'sealed', clusterOf: second},
}

/**
 * The clusters of the configuration, and those in which an address holds something. (Anyone can send anyone an object of
 * a package that looks like this one: a cluster found on chain is named with its package, and nothing more is made of it.)
 * @param search absent: the configuration alone
 * @throws RPC_UNREACHABLE, RPC_FAILED
 */
export async function listClusters(settings: Settings, search?: ClusterSearch): Promise<ListedCluster[]> {
  const listed = Object.entries(settings.clusters ?? {}).map(
    ([name, {id, network, rpcUrl}]): ListedCluster => ({
      cluster: normalizeSuiAddress(id),
      name,
      ...(network !== undefined && {network}),
      ...(rpcUrl !== undefined && {rpcUrl}),
      current: isSame(settings.cluster, normalizeSuiAddress(id)),
      roles: [],
    }),
  )
  if (search) {
    for (const found of await withRpcErrors(search.url, () => findOnChain(search))) {
      const known = listed.find(({cluster}) => cluster === found.cluster)
      if (known) Object.assign(known, {...found, current: known.current})
      else listed.push({...found, current: isSame(settings.cluster, found.cluster)})
    }
  }

  return listed
}

async function findOnChain({
  client,
  owner,
  network,
  url,
}: ClusterSearch): Promise<Omit<ListedCluster, 'current'>[]> {
  const held = new Map<string, {packageId: string; roles: Set<Role>}>()
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof client.listOwnedObjects<{content: true}>>> =
      await client.listOwnedObjects({owner, include: {content: true}, cursor})
    for (const {type, content} of page.objects) {
      const [packageId = '', ...kind] = type.split('::')
      const holding = HOLDINGS[kind.join('::')]
      if (!holding) continue
      const cluster = holding.clusterOf(content)
      const known = held.get(cluster) ?? {packageId: normalizeSuiAddress(packageId), roles: new Set()}
      held.set(cluster, known)
      if (known.packageId === normalizeSuiAddress(packageId)) known.roles.add(holding.role)
    }
    cursor = page.hasNextPage ? page.cursor : null
  } while (cursor !== null)

  const found = await Promise.all(
    [...held].map(async ([cluster, {packageId, roles}]) => {
      const info = await unlessOther(() => readCluster(client, cluster))
      if (info?.packageId !== packageId) return undefined
      const place = {network, rpcUrl: url}
      return {cluster, nameOnChain: info.name, package: packageId, ...place, roles: [...roles].sort()}
    }),
  )
  return found.filter((each) => each !== undefined)
}

/** What is no cluster, or of a package that only looks like this one, is not listed. */
async function unlessOther<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    const name = error instanceof DaasError ? error.errorName : undefined
    if (name === 'OBJECT_MISSING' || name === 'OBJECT_WRONG_TYPE' || error instanceof RangeError)
      return undefined
    throw error
  }
}

function isSame(a: string | undefined, b: string): boolean {
  return a !== undefined && a.startsWith('0x') && normalizeSuiAddress(a) === b
}

/** Of what begins with its id and its cluster. */
function second(content: Uint8Array): string {
  return Id.parse(content.subarray(32, 64))
}

/** Of what begins with its id, one more, and its cluster. */
function third(content: Uint8Array): string {
  return Id.parse(content.subarray(64, 96))
}
