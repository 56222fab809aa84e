import {once} from 'node:events'
import {createWriteStream} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {setTimeout as delay} from 'node:timers/promises'
import {finished} from 'node:stream/promises'
import {execa} from 'execa'
import {daasError, type DaasError} from '../../errors/daas-error.ts'

/** A program to be run until it is stopped. */
export interface ChildOptions {
  /** For messages. */
  name: string
  bin: string
  args: readonly string[]
  /** Both outputs go here. */
  logFile: string
  env?: Record<string, string>
  /** Sees every line of both outputs. */
  onLine?: (line: string) => void
}

/** A running child. */
export interface Child {
  readonly name: string
  readonly pid: number
  readonly logFile: string
  /** Settles with the exit code when it is gone; never rejects. */
  readonly exited: Promise<number | null>
  /** SIGTERM, after the grace (ms) SIGKILL. May be called again. */
  stop(graceMs?: number): Promise<void>
}

const GRACE_MS = 5000
const TAIL_CHARS = 600

/**
 * Starts a program with its output in a file. It does not outlive this process, unless that is killed with SIGKILL.
 * @throws KUBERNETES_START_FAILED where it cannot be executed
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const {name, bin, args, logFile} = options
  const log = createWriteStream(logFile, {flags: 'a', mode: 0o600})
  await once(log, 'open')
  const child = execa(bin, args, {
    reject: false,
    buffer: false,
    stdin: 'ignore',
    ...(options.env && {env: options.env}),
  })
  const {pid} = child
  if (pid === undefined) {
    const {shortMessage} = await child
    log.end()
    throw daasError('KUBERNETES_START_FAILED', {
      program: name,
      reason: shortMessage ?? 'unknown',
      log: logFile,
    })
  }
  let rest = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk)
      if (!options.onLine) return
      const lines = (rest + chunk.toString('utf8')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) options.onLine(line)
    })
  }
  const exited = once(child.nodeChildProcess, 'exit').then(async ([code]) => {
    log.end()
    await finished(log)
    return code as number | null
  })
  return {
    name,
    pid,
    logFile,
    exited,
    stop: async (graceMs = GRACE_MS) => {
      child.kill('SIGTERM')
      const over = new AbortController()
      const killer = delay(graceMs, undefined, {signal: over.signal}).then(
        () => child.kill('SIGKILL'),
        () => false,
      )
      await exited
      over.abort()
      await killer
    },
  }
}

/** How waiting for a child works. */
export interface WaitForOptions {
  child: Child
  /** Whether it is there yet; an error counts as no. */
  ready: (signal: AbortSignal) => Promise<boolean>
  timeoutMs: number
  signal: AbortSignal
}

const PAUSE_MS = 100
const PROBE_MS = 3000

/**
 * Waits until a child is ready.
 * @throws KUBERNETES_START_FAILED where it ends or the deadline passes; the signal's reason
 */
export async function waitForChild({child, ready, timeoutMs, signal}: WaitForOptions): Promise<void> {
  const deadline = Date.now() + timeoutMs
  let lastError: unknown
  const gone = child.exited.then((code) => ({code}))
  for (;;) {
    signal.throwIfAborted()
    const probe = ready(AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)])).catch((error: unknown) => {
      lastError = error
      return false
    })
    const outcome = await Promise.race([probe, gone])
    if (outcome === true) return
    if (typeof outcome === 'object') throw await startFailed(child, `it ended with code ${outcome.code}`)
    if (Date.now() >= deadline) {
      throw await startFailed(child, `not ready after ${timeoutMs / 1000} s`, lastError)
    }
    await delay(PAUSE_MS)
  }
}

async function startFailed(child: Child, what: string, cause?: unknown): Promise<DaasError> {
  const tail = (await readFile(child.logFile, 'utf8')).trim().slice(-TAIL_CHARS)
  return daasError(
    'KUBERNETES_START_FAILED',
    {program: child.name, reason: `${what}; it said: ${tail || '(nothing)'}`, log: child.logFile},
    {cause},
  )
}
