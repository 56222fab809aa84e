import {stringify} from 'yaml'
import writeFileAtomic from 'write-file-atomic'
import {daasError} from '../errors/daas-error.ts'
import {issueCertificate, type KeyedCertificate} from './authority.ts'
import type {SubmittedBatch} from './chain-port.ts'
import {openDoor, type Door} from './door.ts'
import {serverNameOf} from './gateway.ts'
import {entryNameOf, kubeconfigEntry, kubeconfigOf, type ExecPlugin} from './kubeconfig-entry.ts'
import {openUserGateway, type UserGateway, type UserGatewayOptions} from './open-user-gateway.ts'
import type {GatewayKey, GatewayRun, GatewayRuntime} from './runtime.ts'
import type {Via} from './session.ts'

/** One user of one cluster, to be served. */
export type ServedUser = Pick<UserGatewayOptions, 'execute' | 'url' | 'cluster' | 'seal'>

/** How a gateway is served to other programs. */
export interface ServeOptions extends Omit<
  UserGatewayOptions,
  keyof ServedUser | 'gateway' | 'onTransaction'
> {
  /** One or more; each has its own seal, key and credential. */
  readonly users: readonly ServedUser[]
  readonly runtime: GatewayRuntime
  /** Loopback port; 0 = any. Where absent: the port of the last time, or any where that is taken. */
  readonly port: number | undefined
  /** 0 interactive to 3 batch. */
  readonly priority: number
  readonly via: Via
  /** Base URLs of aggregators of Walrus. */
  readonly walrusAggregators?: readonly string[]
  /** A kubeconfig of its own is written here. */
  readonly kubeconfig: string | undefined
  readonly plugin: ExecPlugin
  /** The process that serves. */
  readonly pid: number
  readonly onTransaction?: (batch: SubmittedBatch, requests: number, whose: GatewayKey) => void
}

/** What is told of one user of a running gateway: no secret. */
export interface GatewayEntry {
  server: string
  cluster: string
  clusterName: string
  address: string
  seal: string
  /** RFC 3339. */
  sealExpiresAt: string
}

/** What is told of a running gateway: the first of its users, and all of them. */
export interface GatewayInfo extends GatewayEntry {
  url: string
  entries: GatewayEntry[]
  /** Where one was written. */
  kubeconfig?: string
}

/** A gateway that others can find. */
export interface ServedGateway {
  readonly info: GatewayInfo
  close(): Promise<void>
}

interface Served {
  readonly gateway: UserGateway
  readonly client: KeyedCertificate
}

/**
 * Starts a gateway that stays: one port for all its users, with the authority and, if it can be, the port it had before,
 * so that kubeconfig entries go on working; and announces each user in the runtime files, from which the credential
 * plugin takes the token.
 * @throws GATEWAY_RUNS_ALREADY, GATEWAY_PORT_TAKEN, SERVED_TWICE, and those of openUserGateway
 */
export async function serveGateway(options: ServeOptions): Promise<ServedGateway> {
  const {runtime, users} = options
  const keys = users.map(({cluster, execute}) => ({cluster, address: execute.signer.toSuiAddress()}))
  await checkKeys(runtime, keys)
  const now = options.now ?? Date.now
  const authority = await runtime.authority()
  const names = [...new Set(keys.map(({cluster}) => serverNameOf(cluster)))]
  const server = {
    commonName: 'daas gateway',
    names: [...names, '127.0.0.1', 'localhost'],
    usage: 'server',
  } as const
  const certificate = await issueCertificate(authority, server, now())
  const door = await openOnPort(options, keys, {certificate, caPem: authority.certPem})
  const served: Served[] = []
  const close = async (): Promise<void> => {
    await Promise.all(keys.map((key) => runtime.withdraw(key)))
    await Promise.all(served.map(({gateway}) => gateway.close()))
    await door.close()
  }

  try {
    // One after the other: users of one wallet would queue for its lock, and a failure has one cause.
    for (const user of users) served.push(await openUser(options, user, door, authority))
    const runs = served.map((one) => runOf(one, options.pid))
    const port = Number(new URL(door.url).port)
    for (const run of runs) {
      await runtime.savePort(run, port)
      await runtime.announce(run)
    }

    if (options.kubeconfig !== undefined) {
      const entries = runs.map((run) =>
        kubeconfigEntry({run, plugin: options.plugin, name: entryNameOf(run, runs)}),
      )
      await writeFileAtomic(options.kubeconfig, stringify(kubeconfigOf(entries)), {mode: 0o600})
    }

    return {info: infoOf(door, runs, options.kubeconfig), close}
  } catch (error) {
    await close()
    throw error
  }
}

async function checkKeys(runtime: GatewayRuntime, keys: readonly GatewayKey[]): Promise<void> {
  for (const [at, key] of keys.entries()) {
    const twice = keys.findIndex((other) => other.cluster === key.cluster && other.address === key.address)
    if (twice !== at) throw daasError('SERVED_TWICE', {...key})
    const [other] = await runtime.running(key)
    if (other) throw daasError('GATEWAY_RUNS_ALREADY', {pid: other.pid, url: other.url})
  }
}

async function openUser(
  {priority, via, walrusAggregators = [], onTransaction, ...options}: ServeOptions,
  user: ServedUser,
  door: Door,
  authority: KeyedCertificate,
): Promise<Served> {
  const address = user.execute.signer.toSuiAddress()
  const now = options.now ?? Date.now
  const client = await issueCertificate(authority, {commonName: `sui:${address}`, usage: 'client'}, now())
  const gateway = await openUserGateway({
    ...options,
    ...user,
    ...(onTransaction && {
      onTransaction: (batch, requests) => onTransaction(batch, requests, {cluster: user.cluster, address}),
    }),
    gateway: {door, priority, via, walrusAggregators, clientCertPem: client.certPem},
  })
  return {gateway, client}
}

function runOf({gateway, client}: Served, pid: number): GatewayRun {
  const {url, serverName, caPem, token, cluster, seal} = gateway
  return {
    ...({version: 1, pid, url, serverName, caPem, token} as const),
    ...{clientCertPem: client.certPem, clientKeyPem: client.keyPem},
    ...{cluster: cluster.id, clusterName: cluster.name, address: seal.owner},
    ...{seal: seal.id, sealExpiresAtMs: seal.expiresAtMs},
  }
}

function infoOf({url}: Door, runs: readonly GatewayRun[], kubeconfig: string | undefined): GatewayInfo {
  const entries = runs.map((run): GatewayEntry => {
    const {cluster, clusterName, address, seal} = run
    const sealExpiresAt = new Date(run.sealExpiresAtMs).toISOString()
    return {server: `https://${run.serverName}`, cluster, clusterName, address, seal, sealExpiresAt}
  })
  const [first] = entries
  if (first === undefined) throw new RangeError('a gateway serves somebody')
  return {url, ...first, entries, ...(kubeconfig !== undefined && {kubeconfig})}
}

async function openOnPort(
  {runtime, port}: ServeOptions,
  keys: readonly GatewayKey[],
  tls: {certificate: KeyedCertificate; caPem: string},
): Promise<Door> {
  const lastPorts = await Promise.all(keys.map((key) => runtime.lastPort(key)))
  const wanted = port ?? lastPorts.find((last) => last !== 0) ?? 0
  try {
    return await openDoor({...tls, port: wanted})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    if (port === undefined) return openDoor({...tls, port: 0})
    throw daasError('GATEWAY_PORT_TAKEN', {port: wanted}, {cause: error})
  }
}
