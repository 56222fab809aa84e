import {readFile} from 'node:fs/promises'
import {hostname} from 'node:os'
import {setTimeout as delay} from 'node:timers/promises'
import {type Credentials, fetchTrustedCa, send, type ServerOptions} from './embedded-client.ts'
import {type AgentConfig, readAgentConfig} from './embedded-flags.ts'
import {
  identityFiles,
  loadIdentity,
  refusal,
  requestIdentity,
  writeKubeletConfig,
} from './embedded-identity.ts'
import {keepAlive, markNode, registerNode} from './embedded-kubelet.ts'
import {type AgentLog, agentLog} from './embedded-log.ts'
import {AGENT_VERSION} from './embedded-node.ts'
import {parseAgentToken} from './embedded-token.ts'

/** What an embedded agent is run with. */
export interface EmbeddedAgentOptions {
  /** The command line after the name of the program: `agent --server …`. */
  readonly args: readonly string[]
  readonly env: Record<string, string | undefined>
  readonly signal: AbortSignal
  /** Takes the lines of the log. */
  readonly write: (line: string) => void
  readonly now: () => number
}

/** k3s tries the server and the token again after this, for ever, ms. */
const VALIDATE_RETRY_MS = 2_000
/** k3s asks for its configuration again after this, with jitter up to twice as long, ms. */
const CONFIG_RETRY_MS = 5_000

/**
 * Runs the stand-in for `k3s agent` that joins an embedded Kubernetes: same flags, same checks, same log lines, same
 * loops where k3s loops; it registers a Node and renews its Lease, and runs no containers.
 * @returns the exit code: 0 when the signal ended it, 1 for what is fatal to k3s
 */
export async function runEmbeddedAgent(options: EmbeddedAgentOptions): Promise<number> {
  const {args, env, signal, write, now} = options
  const log = agentLog(write, now)
  try {
    if (args[0] !== 'agent') throw new Error('the embedded agent knows the command "agent" only')
    const config = await readAgentConfig(args.slice(1), env, hostname())
    await runAgent(config, options, log)
    return 0
  } catch (error) {
    if (signal.aborted) return 0
    log.logrus('fatal', error instanceof Error ? error.message : String(error))
    return 1
  }
}

async function runAgent(config: AgentConfig, options: EmbeddedAgentOptions, log: AgentLog): Promise<void> {
  const {signal, now, env} = options
  log.logrus('info', `Starting k3s agent ${AGENT_VERSION} (embedded: a stand-in that runs no containers)`)
  const files = identityFiles(config.dataDir)
  const tokenText = await readToken(config)
  if (tokenText === undefined && (await loadIdentity(files, now())) === undefined) {
    throw new Error('--token is required')
  }
  const validated = await validate(config, tokenText ?? '', signal, log)
  const host = new URL(config.server).host
  log.logrus(
    'info',
    `Running load balancer k3s-agent-load-balancer 127.0.0.1:6444 -> [${host}] [default: ${host}]`,
  )

  const base = {server: config.server, signal, ca: validated.ca}
  const credentials = await obtainIdentity(config, base, validated.bearer, options, log)
  const server: ServerOptions = {...base, credentials}
  await writeKubeletConfig(files, config.server, validated.ca)
  log.logrus('info', 'Getting list of apiserver endpoints from server')
  log.logrus('info', `Connecting to proxy`)
  log.logrus('info', `Remotedialer connected to proxy`)
  log.logrus('info', `Running kubelet --hostname-override=${config.nodeName} --node-ip=${config.nodeIp}`)

  const context = {config, server, log, signal, now}
  const uid = await registerNode(context)
  await markNode(context)
  if (env['NOTIFY_SOCKET']) log.logrus('info', 'k3s agent is up and running')
  await keepAlive(context, uid)
}

async function readToken({tokenFile, token}: AgentConfig): Promise<string | undefined> {
  return tokenFile === undefined ? token : readFile(tokenFile, 'utf8')
}

/** Checks the token's form and the server's CA, every two seconds until both are right. */
async function validate(
  config: AgentConfig,
  tokenText: string,
  signal: AbortSignal,
  log: AgentLog,
): Promise<{ca: string | undefined; bearer: string}> {
  for (;;) {
    try {
      const token = parseAgentToken(tokenText)
      const ca = await fetchTrustedCa({server: config.server, signal}, token.caHash, (message) =>
        log.logrus('warning', message),
      )
      return {ca, bearer: token.bearer}
    } catch (error) {
      signal.throwIfAborted()
      log.logrus('error', `Failed to validate connection to cluster at ${config.server}: ${sentence(error)}`)
    }
    await delay(VALIDATE_RETRY_MS, undefined, {signal})
  }
}

/** The stored certificate where the server still takes it, else a new one by the token; tries for ever. */
async function obtainIdentity(
  config: AgentConfig,
  base: ServerOptions,
  bearer: string,
  {signal, now}: EmbeddedAgentOptions,
  log: AgentLog,
): Promise<Credentials> {
  const files = identityFiles(config.dataDir)
  for (;;) {
    try {
      const stored = await loadIdentity(files, now())
      if (stored !== undefined && (await isAccepted({...base, credentials: stored}))) return stored
      const withToken = {...base, credentials: {bearer}}
      const ready = await send(withToken, {method: 'GET', path: '/v1-k3s/readyz'})
      if (ready.status !== 200) throw refusal(`${config.server}/v1-k3s/readyz`, ready)
      return await requestIdentity(withToken, files, config.nodeName)
    } catch (error) {
      signal.throwIfAborted()
      log.logrus('info', `Waiting to retrieve agent configuration; server is not ready: ${sentence(error)}`)
    }
    await delay(CONFIG_RETRY_MS * (1 + Math.random()), undefined, {signal})
  }
}

async function isAccepted(options: ServerOptions): Promise<boolean> {
  return (await send(options, {method: 'GET', path: '/v1-k3s/readyz'})).status === 200
}

/** An error with the words that Go would use for it, so that readers of k3s's log understand it. */
function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ECONNREFUSED') return `dial tcp: connect: connection refused (${message})`
  return code === 'ENOTFOUND' ? `dial tcp: lookup: no such host (${message})` : message
}

if (import.meta.main) {
  const first = new AbortController()
  const onSignal = (): void => {
    // The first signal ends gracefully, the second at once, as in k3s.
    if (first.signal.aborted) process.exit(1)
    first.abort()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  process.exitCode = await runEmbeddedAgent({
    args: process.argv.slice(2),
    env: process.env,
    signal: first.signal,
    write: (line) => process.stderr.write(line),
    now: Date.now,
  })
}
