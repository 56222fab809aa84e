import {X509Certificate, createHash} from 'node:crypto'
import {request} from 'node:https'

/** How the agent proves who it is: at first with a bootstrap token, then with its certificate. */
export type Credentials = {readonly bearer: string} | {readonly certPem: string; readonly keyPem: string}

/** One request to the server. */
export interface AgentRequest {
  readonly method: string
  readonly path: string
  readonly contentType?: string
  readonly body?: unknown
}

/** What the server said. */
export interface AgentResponse {
  readonly status: number
  readonly text: string
  /** The answer as JSON, or undefined where it is none. */
  readonly json: unknown
}

/** How the server is reached. */
export interface ServerOptions {
  readonly server: string
  readonly signal: AbortSignal
  /** The CA to trust; undefined = the system's; null = none is checked (only to fetch the CA itself). */
  readonly ca?: string | null | undefined
  readonly credentials?: Credentials | undefined
}

const TIMEOUT_MS = 10_000

/**
 * Sends one request over TLS.
 * @throws the socket's error, or the reason of the signal
 */
export async function send(options: ServerOptions, call: AgentRequest): Promise<AgentResponse> {
  const {server, signal, ca, credentials} = options
  const body = call.body === undefined ? undefined : JSON.stringify(call.body)
  const headers: Record<string, string> = {accept: 'application/json'}
  if (body !== undefined) {
    headers['content-type'] = call.contentType ?? 'application/json'
    headers['content-length'] = String(Buffer.byteLength(body))
  }
  const tls =
    credentials === undefined
      ? {}
      : 'bearer' in credentials
        ? {}
        : {cert: credentials.certPem, key: credentials.keyPem}
  if (credentials !== undefined && 'bearer' in credentials)
    headers['authorization'] = `Bearer ${credentials.bearer}`
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(call.path, server),
      {
        method: call.method,
        headers,
        signal,
        agent: false,
        timeout: TIMEOUT_MS,
        ...(ca === null ? {rejectUnauthorized: false} : ca === undefined ? {} : {ca}),
        ...tls,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: response.statusCode ?? 0,
            text,
            json: asJson(response.headers['content-type'], text),
          })
        })
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error('i/o timeout')))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/**
 * Fetches the CA of the server and checks it against the hash of the token, in the four steps of the k3s agent: with
 * the system's trust (then the hash is not looked at), insecurely, again with what came, then the hash.
 * @param warn told what k3s would warn about
 * @returns the CA to trust, or undefined where the system trusts the server
 * @throws Error with k3s's sentence where the hash differs
 */
export async function fetchTrustedCa(
  options: Pick<ServerOptions, 'server' | 'signal'>,
  caHash: string,
  warn: (message: string) => void,
): Promise<string | undefined> {
  const call = {method: 'GET', path: '/cacerts'}
  const trusted = await send(options, call).catch((error: unknown) => {
    if (isUntrusted(error)) return undefined
    throw error
  })
  if (trusted !== undefined) {
    warn('Cluster CA certificate is trusted by the host CA bundle. Token CA hash will not be validated.')
    return undefined
  }
  const {status, text} = await send({...options, ca: null}, call)
  if (status !== 200)
    throw new Error(`failed to get CA certs: https://${new URL(options.server).host}/cacerts: ${status}`)
  await send({...options, ca: text}, call)
  const serverHash = hashCa(text)
  if (caHash === '')
    warn(
      'Cluster CA certificate is not trusted by the host CA bundle, but the token does not include a CA hash.',
    )
  else if (caHash !== serverHash) {
    throw new Error(
      `token CA hash does not match the Cluster CA certificate hash: ${caHash} != ${serverHash}`,
    )
  }
  return text
}

/** k3s's rule: one certificate is hashed as text; of a bundle it is the DER of the root that issued the first one. */
function hashCa(pem: string): string {
  const certs = (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map(
    (text) => new X509Certificate(text),
  )
  const [first, ...others] = certs
  const root = others.find(
    (cert) => cert.checkIssued(cert) && first?.checkIssued(cert) && first.verify(cert.publicKey),
  )
  return createHash('sha256')
    .update(root === undefined ? pem : root.raw)
    .digest('hex')
}

function isUntrusted(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /CERT|UNABLE_TO|SELF_SIGNED|ALTNAME/.test(code)
}

function asJson(contentType: string | undefined, text: string): unknown {
  return contentType?.includes('json') ? (JSON.parse(text) as unknown) : undefined
}
