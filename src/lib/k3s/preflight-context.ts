import type {TlsPins} from '../seal/pinned-agent.ts'
import type {FoundK3s} from './binary.ts'
import type {PreflightContext} from './preflight.ts'

/** What is known before the checks: of the machine's agent, and of the cluster where one is set. */
export interface PreflightSubject {
  readonly nodeName: string
  readonly dataDir: string
  readonly rootless: boolean
  readonly k3s: FoundK3s | undefined
  /** As the chain says; '' or nothing where it says nothing yet. */
  readonly cluster?: {
    readonly k3sUrl: string
    readonly caHash: string
    readonly k3sVersion: string
    readonly listenerUrls: readonly string[]
    readonly tlsPin: TlsPins
  }
  readonly nameHolder?: PreflightContext['nameHolder']
  readonly signal: AbortSignal
}

/** Puts together what the checks go by: the same for `daas join`, its dry run and `daas doctor`. */
export function preflightContext(subject: PreflightSubject): PreflightContext {
  const {nodeName, dataDir, rootless, k3s, cluster, nameHolder, signal} = subject
  return {
    nodeName,
    dataDir,
    rootless,
    standIn: k3s?.standIn ?? false,
    ...(k3s && {k3sBin: k3s.file}),
    ...(cluster?.k3sUrl && cluster.caHash && {server: {url: cluster.k3sUrl, caHash: cluster.caHash}}),
    ...(cluster &&
      cluster.listenerUrls.length > 0 && {
        listener: {urls: cluster.listenerUrls, tlsPin: cluster.tlsPin},
      }),
    ...(nameHolder && {nameHolder}),
    serverVersion: cluster?.k3sVersion ?? '',
    agentVersion: k3s?.version,
    signal,
  }
}
