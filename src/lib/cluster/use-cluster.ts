import type {SuiGrpcClient} from '@mysten/sui/grpc'
import type {NamedCluster, Settings} from '../config/settings.ts'
import {useCluster} from '../config/write-settings.ts'
import {readCluster} from '../contracts/reads.ts'
import {daasError} from '../errors/daas-error.ts'
import type {Network} from '../sui/networks.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {checkedId} from './parse-settings.ts'

/** The cluster that is used from now on. */
export interface UsedCluster {
  changed: boolean
  name: string
  cluster: string
  network?: string
  rpcUrl?: string
  /** Where that is written. */
  file: string
}

const NAME = /^[a-z0-9]([-.a-z0-9]{0,61}[a-z0-9])?$/

/**
 * Uses a cluster by its name from now on; with an id, which is looked up on chain, gives it that name first.
 * @throws CLUSTER_NAME_INVALID, CLUSTER_UNNAMED, OBJECT_ID_INVALID, OBJECT_MISSING, OBJECT_WRONG_TYPE, CONFIG_INVALID
 */
export async function useNamedCluster(
  deps: {
    readonly client: SuiGrpcClient
    readonly network: Network
    readonly settings: Settings
    readonly configDir: string
  },
  {name, id}: {readonly name: string; readonly id?: string},
): Promise<UsedCluster> {
  const {client, network, settings, configDir} = deps
  if (!NAME.test(name) || name.startsWith('0x')) throw daasError('CLUSTER_NAME_INVALID', {name})
  if (id === undefined) {
    const known = Object.hasOwn(settings.clusters ?? {}, name) ? settings.clusters?.[name] : undefined
    if (!known) throw daasError('CLUSTER_UNNAMED', {name})
    return {...(await useCluster({configDir, name})), name, ...described(known)}
  }

  const cluster = checkedId(id)
  await withRpcErrors(network.url, () => readCluster(client, cluster))
  // A named network's own URL is not remembered: it may move.
  const rpcUrl = settings.rpcUrl === undefined ? {} : {rpcUrl: settings.rpcUrl}
  const place = network.name === 'custom' ? {network: network.url} : {network: network.name, ...rpcUrl}
  const named = {id: cluster, ...place}
  return {...(await useCluster({configDir, name, cluster: named})), name, ...described(named)}
}

function described({id, network, rpcUrl}: NamedCluster): Pick<UsedCluster, 'cluster' | 'network' | 'rpcUrl'> {
  return {
    cluster: id,
    ...(network !== undefined && {network}),
    ...(rpcUrl !== undefined && {rpcUrl}),
  }
}
