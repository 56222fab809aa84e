import {createHash, randomBytes} from 'node:crypto'
import {createServer} from 'node:https'
import {type AddressInfo} from 'node:net'
import {stringify} from 'yaml'
import {createCa, issueCert} from '../pki.ts'
import {type Api} from './api.ts'
import {CelCompiler} from './cel.ts'
import {startControllers} from './controllers.ts'
import {handleRequest} from './handler.ts'
import {seedCluster} from './seed.ts'
import {ObjectStore} from './store.ts'
import {type EmbeddedLogger} from './types.ts'

/** How an embedded Kubernetes is started. */
export interface EmbeddedKubernetesOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** 127.0.0.1 by default. */
  readonly host?: string
  /** Ends it, as `close` does. */
  readonly signal?: AbortSignal
  /** ms since the epoch; `Date.now` by default. */
  readonly clock?: () => number
  readonly logger?: EmbeddedLogger
}

/** A running embedded Kubernetes. */
export interface EmbeddedKubernetes {
  /** `https://127.0.0.1:<port>` */
  readonly url: string
  /** The CA of the cluster, PEM with a trailing newline. */
  readonly caPem: string
  /** k3s's rule for a single certificate: hex SHA-256 of the PEM text. */
  readonly caHash: string
  /** A kubeconfig (YAML) of a user who may do all. Secret. */
  readonly adminKubeconfig: string
  /** Secret. */
  readonly adminToken: string
  /** Ends watches and connections, and frees the port. */
  close(): Promise<void>
}

const silent: EmbeddedLogger = {debug: () => undefined, info: () => undefined, warn: () => undefined}

/**
 * Starts a small Kubernetes API in this process, for trying and testing where no real one is at hand. It keeps
 * objects in memory and runs no containers; it says so in `GET /version` and in the header `X-Daas-Embedded`.
 * @throws the server's own error where the port is taken
 */
export async function startEmbeddedKubernetes(
  options: EmbeddedKubernetesOptions = {},
): Promise<EmbeddedKubernetes> {
  const {host = '127.0.0.1', port = 0, signal, clock = Date.now, logger = silent} = options
  signal?.throwIfAborted()
  const ca = await createCa('daas-embedded-ca')
  const serving = await issueCert(ca, {
    cn: 'daas-embedded-kubernetes',
    dns: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    ips: [...new Set(['127.0.0.1', '::1', host])],
    usage: 'server',
  })
  const api: Api = {
    store: new ObjectStore(),
    cel: new CelCompiler(),
    ca,
    logger,
    adminToken: randomBytes(32).toString('hex'),
    issuedTokens: new Map(),
    now: clock,
  }
  const ended = new AbortController()
  startControllers(api, ended.signal)
  seedCluster(api)

  // Clients without a certificate bring a token: who they are is decided request by request.
  const tls = {
    key: serving.keyPem,
    cert: serving.certPem,
    ca: ca.certPem,
    requestCert: true,
    rejectUnauthorized: false,
  }
  const server = createServer(tls, (request, response) => {
    void handleRequest(api, request, response, ended.signal)
  })
  // Longer than clients keep idle connections: otherwise a request may meet one that is just being closed.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const url = `https://${host}:${(server.address() as AddressInfo).port}`
  logger.info({url}, 'embedded Kubernetes: objects in memory, no containers')

  const close = async (): Promise<void> => {
    if (ended.signal.aborted) return
    ended.abort()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
  signal?.addEventListener('abort', () => void close(), {once: true})
  return {
    url,
    caPem: ca.certPem,
    caHash: createHash('sha256').update(ca.certPem).digest('hex'),
    adminKubeconfig: kubeconfig(url, ca.certPem, api.adminToken),
    adminToken: api.adminToken,
    close,
  }
}

function kubeconfig(server: string, caPem: string, token: string): string {
  const name = 'daas-embedded'
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [
      {name, cluster: {server, 'certificate-authority-data': Buffer.from(caPem).toString('base64')}},
    ],
    contexts: [{name, context: {cluster: name, user: name}}],
    users: [{name, user: {token}}],
  })
}
