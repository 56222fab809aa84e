import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {readCluster} from '../contracts/reads.ts'
import {DaasError} from '../errors/daas-error.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {findK3s, type FoundK3s} from './binary.ts'
import {joinClusterFor} from './join-cluster.ts'
import {findNameHolder} from './name-holder.ts'
import {type PreflightProbes, type PreflightResult, runPreflight} from './preflight.ts'
import {preflightContext} from './preflight-context.ts'

/** What an examination takes from its surroundings. */
export interface DoctorDeps {
  readonly client: SuiGrpcClient
  /** The node's URL, for errors. */
  readonly url: string
  readonly probes: PreflightProbes
  /** The value of PATH. */
  readonly path: string
  /** Unix time, ms. */
  readonly now: () => number
  readonly signal: AbortSignal
}

/** What is examined. */
export interface DoctorOptions {
  readonly nodeName: string
  readonly dataDir: string
  readonly rootless: boolean
  /** Object id; without it only the machine is looked at. */
  readonly cluster?: string
  /** Address of whoever would join; without it a name that is taken may be theirs. */
  readonly owner?: string
  readonly bin?: string
  readonly cacheDir: string
}

/**
 * Runs the checks of a join without joining. Nothing is fetched or written.
 * @throws RPC_UNREACHABLE, OBJECT_MISSING where a cluster is named and cannot be read
 */
export async function examine(deps: DoctorDeps, options: DoctorOptions): Promise<PreflightResult[]> {
  const {client, url, path, now, signal} = deps
  const id = options.cluster
  const cluster =
    id === undefined ? undefined : await withRpcErrors(url, () => readCluster(client, id, signal))
  const k3s = await findHere({...options, path, version: cluster?.k3sVersion ?? '', signal})
  const {nodeName, dataDir, rootless, owner} = options
  const reader = {client, url, now, ...(owner !== undefined && {owner})}
  return runPreflight(
    deps.probes,
    preflightContext({
      nodeName,
      dataDir,
      rootless,
      k3s,
      ...(cluster && {
        cluster: await joinClusterFor(reader, {cluster, nodeName}),
        nameHolder: () => findNameHolder(reader, {cluster, nodeName}),
      }),
      signal,
    }),
  )
}

/** A binary that is not there is no failure: join fetches it. One that was named and is not there is. */
async function findHere(options: Parameters<typeof findK3s>[0]): Promise<FoundK3s | undefined> {
  try {
    return await findK3s(options)
  } catch (error) {
    const missing = error instanceof DaasError && error.errorName === 'K3S_MISSING'
    if (missing && options.bin === undefined) return undefined
    throw error
  }
}
