import {readFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {setTimeout as delay} from 'node:timers/promises'
import {parseArgs} from 'node:util'
import {parse} from 'yaml'
import {k3sCaHash} from '../../../k3s/ca-hash.ts'
import {type JoinToken, parseJoinToken} from '../../../k3s/token.ts'
import {tlsRequest} from '../../../k3s/tls-request.ts'
import {reasonOf} from '../../../k3s/verify-server.ts'

/** The part of `k3s agent`'s flags that the stand-ins understand. */
export interface AgentSettings {
  readonly server: string
  readonly tokenFile: string
  readonly nodeName: string
  readonly dataDir: string
  readonly nodeLabels: readonly string[]
  readonly nodeTaints: readonly string[]
  readonly nodeIp: string | undefined
  readonly kubeletArgs: readonly string[]
}

const FLAGS = {
  server: {type: 'string', short: 's'},
  'token-file': {type: 'string'},
  config: {type: 'string', short: 'c'},
  'node-name': {type: 'string'},
  'data-dir': {type: 'string', short: 'd'},
  'node-label': {type: 'string', multiple: true},
  'node-taint': {type: 'string', multiple: true},
  'node-ip': {type: 'string', short: 'i'},
  'kubelet-arg': {type: 'string', multiple: true},
  rootless: {type: 'boolean'},
} as const

/**
 * Reads `agent --server … --token-file …` and the YAML file of `--config`, whose keys are the flags; as with k3s the
 * command line wins, and lists are replaced.
 * @param argv without the executable
 * @throws Error with one sentence, for the log
 */
export function parseAgentArgs(argv: readonly string[]): AgentSettings {
  if (argv[0] !== 'agent')
    throw new Error(`this stand-in for k3s knows "agent" only, not ${argv[0] ?? 'nothing'}`)
  const {values} = parseArgs({args: argv.slice(1), options: FLAGS, allowPositionals: false})
  const file = values.config === undefined ? {} : (parse(readFileSync(values.config, 'utf8')) as unknown)
  const settings = {...(file as Record<string, unknown>), ...values}
  const text = (name: string): string | undefined => {
    const value = settings[name as keyof typeof settings] as unknown
    return value === undefined ? undefined : String(value)
  }
  const list = (name: string): string[] => [settings[name as keyof typeof settings] ?? []].flat().map(String)
  const required = (name: string): string => {
    const value = text(name)
    if (!value) throw new Error(`--${name} is required`)
    return value
  }
  return {
    server: required('server'),
    tokenFile: required('token-file'),
    nodeName: required('node-name').toLowerCase(),
    dataDir: required('data-dir'),
    nodeLabels: list('node-label'),
    nodeTaints: list('node-taint'),
    nodeIp: text('node-ip'),
    kubeletArgs: list('kubelet-arg'),
  }
}

/** Writes lines in the form of k3s' own log. */
export interface K3sLog {
  info(message: string): void
  error(message: string): void
  fatal(message: string): void
}

/** A log in logrus' text form, as k3s writes it to stderr. */
export function createK3sLog(write: (line: string) => void, now: () => Date = () => new Date()): K3sLog {
  const at = (level: string) => (message: string) =>
    write(`time="${now().toISOString()}" level=${level} msg=${JSON.stringify(message)}\n`)
  return {info: at('info'), error: at('error'), fatal: at('fatal')}
}

/** A server that the agent believes, and what it may join with. */
export interface TrustedServer {
  readonly caPem: string
  readonly token: JoinToken
}

const CONNECT_PAUSE_MS = 2000
const CONFIG_PAUSE_MS = 5000

/**
 * Does what k3s' agent does before it has anything to run: reads the token, reads `/cacerts`, compares the hash, then
 * asks the server whether it takes the token. Like k3s it retries for ever and only says so in its log.
 * @param hasCertificate a client certificate of an earlier run is there: then the token no longer matters
 */
export async function connectToServer(
  settings: Pick<AgentSettings, 'server' | 'tokenFile'>,
  hasCertificate: boolean,
  log: K3sLog,
  signal: AbortSignal,
): Promise<TrustedServer> {
  const {server} = settings
  let trusted: TrustedServer | undefined
  while (!trusted) {
    try {
      trusted = await trustServer(settings, signal)
    } catch (error) {
      signal.throwIfAborted()
      log.error(`Failed to validate connection to cluster at ${server}: ${reasonOf(error)}`)
      await delay(CONNECT_PAUSE_MS, undefined, {signal})
    }
  }
  const url = new URL('/v1-k3s/readyz', server).href
  const trust = {kind: 'ca', pem: trusted.caPem} as const
  const headers = {authorization: `Bearer ${trusted.token.id}.${trusted.token.secret}`}
  while (!hasCertificate) {
    let why: string
    try {
      const {status} = await tlsRequest({url, trust, headers, signal})
      if (status === 200) break
      why = `${url}: ${status}${status === 401 ? ' Unauthorized' : status === 403 ? ' Forbidden' : ''}`
    } catch (error) {
      signal.throwIfAborted()
      why = `${url}: ${reasonOf(error)}`
    }
    log.info(`Waiting to retrieve agent configuration; server is not ready: ${why}`)
    await delay(CONFIG_PAUSE_MS, undefined, {signal})
  }
  log.info('Getting list of apiserver endpoints from server')
  return trusted
}

async function trustServer(
  {server, tokenFile}: Pick<AgentSettings, 'server' | 'tokenFile'>,
  signal: AbortSignal,
): Promise<TrustedServer> {
  const token = parseJoinToken(await readFile(tokenFile, 'utf8'))
  const url = new URL('/cacerts', server).href
  const {status, body} = await tlsRequest({url, trust: {kind: 'none'}, signal})
  if (status !== 200) throw new Error(`${url}: ${status}`)
  const caPem = body.toString('utf8')
  const actual = k3sCaHash(caPem)
  if (token.caHash !== '' && token.caHash !== actual) {
    throw new Error(
      `token CA hash does not match the Cluster CA certificate hash: ${token.caHash} != ${actual}`,
    )
  }
  return {caPem, token}
}
