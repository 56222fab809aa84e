import {stringify} from 'yaml'
import writeFileAtomic from 'write-file-atomic'
import {daasError} from '../errors/daas-error.ts'
import {kubeconfigEntry, kubeconfigOf, type ExecPlugin} from './kubeconfig-entry.ts'
import {openUserGateway, type UserGateway, type UserGatewayOptions} from './open-user-gateway.ts'
import type {GatewayRuntime} from './runtime.ts'
import type {Via} from './session.ts'

/** How a gateway is served to other programs. */
export interface ServeOptions extends Omit<UserGatewayOptions, 'gateway'> {
  readonly runtime: GatewayRuntime
  /** Loopback port; 0 = any. Where absent: the port of the last time, or any where that is taken. */
  readonly port: number | undefined
  /** 0 interactive to 3 batch. */
  readonly priority: number
  readonly via: Via
  /** A kubeconfig of its own is written here. */
  readonly kubeconfig: string | undefined
  readonly plugin: ExecPlugin
  /** The process that serves. */
  readonly pid: number
}

/** What is told of a running gateway: no secret. */
export interface GatewayInfo {
  url: string
  server: string
  cluster: string
  clusterName: string
  address: string
  seal: string
  /** RFC 3339. */
  sealExpiresAt: string
  /** Where one was written. */
  kubeconfig?: string
}

/** A gateway that others can find. */
export interface ServedGateway {
  readonly info: GatewayInfo
  close(): Promise<void>
}

/**
 * Starts a gateway that stays: with the certificate and, if it can be, the port it had before, so that kubeconfig
 * entries go on working; and announces it in the runtime files, from which the credential plugin takes its token.
 * @throws GATEWAY_RUNS_ALREADY, GATEWAY_PORT_TAKEN, and those of openUserGateway
 */
export async function serveGateway(options: ServeOptions): Promise<ServedGateway> {
  const {runtime, execute} = options
  const key = {cluster: options.cluster, address: execute.signer.toSuiAddress()}
  const [other] = await runtime.running(key)
  if (other) throw daasError('GATEWAY_RUNS_ALREADY', {pid: other.pid, url: other.url})
  const identity = await runtime.identity(key)
  const gateway = await openOnPort(options, identity)
  const close = async (): Promise<void> => {
    await runtime.withdraw(key)
    await gateway.close()
  }

  try {
    const port = Number(new URL(gateway.url).port)
    if (port !== identity.port) await runtime.saveIdentity(key, {...identity, port})
    const {url, serverName, caPem, token, cluster, seal} = gateway
    const run = {
      ...({version: 1, pid: options.pid, url, serverName, caPem, token} as const),
      ...{cluster: cluster.id, clusterName: cluster.name, address: seal.owner},
      ...{seal: seal.id, sealExpiresAtMs: seal.expiresAtMs},
    }
    await runtime.announce(run)
    if (options.kubeconfig !== undefined) {
      const entry = kubeconfigEntry({run, plugin: options.plugin})
      await writeFileAtomic(options.kubeconfig, stringify(kubeconfigOf(entry)), {mode: 0o600})
    }

    const info = {
      url,
      server: `https://${serverName}`,
      cluster: cluster.id,
      clusterName: cluster.name,
      address: seal.owner,
      seal: seal.id,
      sealExpiresAt: new Date(seal.expiresAtMs).toISOString(),
      ...(options.kubeconfig !== undefined && {kubeconfig: options.kubeconfig}),
    }
    return {info, close}
  } catch (error) {
    await close()
    throw error
  }
}

async function openOnPort(
  options: ServeOptions,
  {certPem, keyPem, port: lastPort}: {certPem: string; keyPem: string; port: number},
): Promise<UserGateway> {
  const open = (port: number): Promise<UserGateway> =>
    openUserGateway({
      ...options,
      gateway: {port, priority: options.priority, via: options.via, certificate: {certPem, keyPem}},
    })
  const port = options.port ?? lastPort
  try {
    return await open(port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    if (options.port === undefined) return open(0)
    throw daasError('GATEWAY_PORT_TAKEN', {port}, {cause: error})
  }
}
