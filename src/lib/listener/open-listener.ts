import type {Signer} from '@mysten/sui/cryptography'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {mkdir} from 'node:fs/promises'
import {readCluster} from '../contracts/reads.ts'
import {daasError} from '../errors/daas-error.ts'
import {k3sCaHash} from '../k3s/ca-hash.ts'
import {loadKubeConfig} from '../kube/kubeconfig.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {createListenerChain} from './chain.ts'
import {createListener, type Listener} from './listener.ts'
import type {ListenerLogger} from './logger.ts'
import type {ListenerOptions} from './settings.ts'

/** What the parts of a listener are opened from. */
export interface OpenListenerOptions extends Omit<ListenerOptions, 'k3s'> {
  readonly client: SuiGrpcClient
  /** Holds the ListenerCap of the cluster. */
  readonly signer: Signer
  /** The node's URL, for errors. */
  readonly url: string
  /** kubeconfig file; default the usual places. */
  readonly kubeconfig?: string
  readonly context?: string
  /** What workers join; default the server of the kubeconfig. */
  readonly serverUrl?: string
  /** k3s release that workers are told; default that of the Cluster object. */
  readonly k3sVersion?: string
  readonly logger: ListenerLogger
  readonly signal: AbortSignal
}

/**
 * Opens chain and Kubernetes and makes a listener of them; it is not started yet.
 * @throws KUBECONFIG_INVALID, OBJECT_MISSING, OBJECT_WRONG_TYPE, RPC_UNREACHABLE, and when the signer holds no ListenerCap
 */
export async function openListener(options: OpenListenerOptions): Promise<Listener> {
  const {client, signer, url, clusterId, logger, signal} = options
  const kubeConfig = loadKubeConfig({
    ...(options.kubeconfig !== undefined && {file: options.kubeconfig}),
    ...(options.context !== undefined && {context: options.context}),
  })
  const server = kubeConfig.getCurrentCluster()
  if (!server?.caData) {
    throw daasError('KUBECONFIG_INVALID', {
      file: options.kubeconfig ?? 'the default kubeconfig',
      reason: 'its context has no certificate-authority-data',
    })
  }

  await mkdir(options.stateDir, {recursive: true, mode: 0o700})
  const cluster = await withRpcErrors(url, () => readCluster(client, clusterId, signal))
  const chain = await withRpcErrors(url, () => createListenerChain({client, signer, clusterId, url}, signal))
  return createListener(
    {chain, kubeConfig, logger, clock: Date.now, signal},
    {
      ...options,
      k3s: {
        serverUrl: options.serverUrl ?? server.server,
        caHash: k3sCaHash(Buffer.from(server.caData, 'base64')),
        version: options.k3sVersion ?? cluster.k3sVersion,
      },
    },
  )
}
