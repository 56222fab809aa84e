import {once} from 'node:events'
import {createWriteStream} from 'node:fs'
import {chmod, mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import type {Readable} from 'node:stream'
import {setTimeout as delay} from 'node:timers/promises'
import {execa} from 'execa'
import type {Logger} from 'pino'
import writeFileAtomic from 'write-file-atomic'
import {daasError} from '../errors/daas-error.ts'
import {agentArgs, type AgentConfig, agentFiles, renderAgentConfig} from './agent-config.ts'
import {agentEnvironment} from './agent-environment.ts'
import {type AgentCause, type AgentStage, isLaterStage, readAgentLogLine} from './log-stages.ts'
import {parseJoinToken, scrubbedJoinToken} from './token.ts'

/** How an agent is to be started. */
export interface StartAgentOptions extends AgentConfig {
  /** The k3s executable. */
  bin: string
  /** `K10<hash>::<id>.<secret>`. Goes into a 0600 file and nowhere else. */
  joinToken: string
  extraArgs?: readonly string[] | undefined
  /** The environment to pick from (see agentEnvironment), and further names that may pass. */
  env: Record<string, string | undefined>
  passEnv?: readonly string[] | undefined
  /** Stops the agent when it fires. */
  signal: AbortSignal
  onStage?: (stage: AgentStage) => void
  onCause?: (cause: AgentCause) => void
  logger: Pick<Logger, 'debug' | 'warn'>
  /** How long a graceful end may take before the whole process group is killed, ms. */
  graceMs: number
}

/** How an agent ended. */
export interface AgentExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Whether it was asked to. */
  readonly requested: boolean
}

/** A running agent. */
export interface AgentHandle {
  readonly pid: number
  /** The furthest stage so far. */
  readonly stage: AgentStage
  /** Why it does not get on, if it said so since the last stage. */
  readonly lastCause: AgentCause | undefined
  /** How often it has given the last cause in a row. */
  readonly causeRepeats: number
  /** The last lines of its log. */
  readonly tail: readonly string[]
  readonly logFile: string
  /** Settles when the process is gone and its log is read; never rejects. */
  readonly exited: Promise<AgentExit>
  /** SIGTERM, then after the grace SIGKILL for the whole process group. May be called again. */
  stop(): Promise<AgentExit>
  /** Overwrites the secret in the token file: once the node is in, its certificate is what counts. */
  scrubToken(): Promise<void>
}

const TAIL_LINES = 30
const DRAIN_MS = 500

/**
 * Writes token and configuration file and starts `k3s agent` in a process group of its own, reading its log.
 * @throws K3S_MISSING where the executable cannot be started, JOIN_TOKEN_INVALID
 */
export async function startAgent(options: StartAgentOptions): Promise<AgentHandle> {
  const {dataDir, signal, graceMs, logger} = options
  signal.throwIfAborted()
  const token = parseJoinToken(options.joinToken)
  await mkdir(dataDir, {recursive: true, mode: 0o700})
  const files = agentFiles(dataDir)
  const logFile = join(dataDir, 'agent.log')
  await writeFileAtomic(files.token, `${options.joinToken}\n`, {mode: 0o600})
  await writeFileAtomic(files.config, await renderAgentConfig(options), {mode: 0o600})
  await writeFile(logFile, '', {flag: 'a', mode: 0o600})
  await chmod(logFile, 0o600)

  const child = execa(options.bin, agentArgs(dataDir, options.extraArgs), {
    // detached: a process group of its own, so that nothing it starts outlives a kill
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: 'ignore',
    extendEnv: false,
    env: agentEnvironment(options.env, join(dataDir, 'notify.sock'), options.passEnv),
  })
  const {pid} = child
  if (pid === undefined) {
    const {cause} = await child
    throw daasError('K3S_MISSING', {places: options.bin, version: ''}, {cause})
  }

  const state: {stage: AgentStage; cause: AgentCause | undefined; repeats: number; requested: boolean} = {
    stage: 'spawned',
    cause: undefined,
    repeats: 0,
    requested: false,
  }
  const tail: string[] = []
  const log = createWriteStream(logFile, {flags: 'a'})
  log.on('error', (error) => logger.warn({err: error}, 'the log of the agent cannot be written'))

  const onLine = (raw: string): void => {
    const line = raw.replaceAll(token.secret, '****************')
    tail.push(line)
    if (tail.length > TAIL_LINES) tail.shift()
    log.write(`${line}\n`)
    logger.debug({agent: options.nodeName}, line)
    const event = readAgentLogLine(line)
    if (event?.stage && isLaterStage(event.stage, state.stage)) {
      Object.assign(state, {stage: event.stage, cause: undefined, repeats: 0})
      options.onStage?.(event.stage)
    }
    if (event?.cause) {
      state.repeats = state.cause?.code === event.cause.code ? state.repeats + 1 : 1
      state.cause = event.cause
      if (state.repeats === 1) options.onCause?.(event.cause)
    }
  }
  const streams = [child.stdout, child.stderr]
  const drained = Promise.all(streams.map(async (stream) => readLines(stream, onLine)))

  // Where daas itself ends without stopping it (an uncaught exception), the agent must not stay behind unseen. Where it
  // was asked to end already, whoever ends daas meanwhile (a second Ctrl-C) wants no more patience.
  const onParentExit = (): void => {
    if (state.requested) sendSignal(-pid, 'SIGKILL')
    else sendSignal(pid, 'SIGTERM')
  }
  process.once('exit', onParentExit)

  // A declaration: what follows names it before `stop` is there to call.
  function onAbort(): void {
    void stop()
  }

  const exited = (async (): Promise<AgentExit> => {
    const [code, killedBy] = (await once(child.nodeChildProcess, 'exit')) as [
      number | null,
      NodeJS.Signals | null,
    ]
    process.removeListener('exit', onParentExit)
    signal.removeEventListener('abort', onAbort)
    sendSignal(-pid, 'SIGKILL')
    // A process that left the group may hold the pipes open for ever: the log is read to its end, but not for long.
    await Promise.race([drained, delay(DRAIN_MS, undefined, {ref: false})])
    for (const stream of streams) stream.destroy()
    log.end()
    return {code, signal: killedBy, requested: state.requested}
  })()

  const stop = async (): Promise<AgentExit> => {
    if (!state.requested) {
      state.requested = true
      sendSignal(pid, 'SIGTERM')
    }
    const grace = new AbortController()
    const killer = delay(graceMs, undefined, {signal: grace.signal}).then(
      () => sendSignal(-pid, 'SIGKILL'),
      () => false,
    )
    const exit = await exited
    grace.abort()
    await killer
    return exit
  }
  signal.addEventListener('abort', onAbort, {once: true})
  if (signal.aborted) onAbort()

  return {
    pid,
    get stage() {
      return state.stage
    },
    get lastCause() {
      return state.cause
    },
    get causeRepeats() {
      return state.repeats
    },
    tail,
    logFile,
    exited,
    stop,
    scrubToken: async () => writeFileAtomic(files.token, `${scrubbedJoinToken(token)}\n`, {mode: 0o600}),
  }
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = createInterface({input: stream, crlfDelay: Infinity})
  lines.on('line', onLine)
  await once(lines, 'close')
}

/** Sends a signal to a process, or with a negative id to a group. @returns whether there was one to get it */
function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
