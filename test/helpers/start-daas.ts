import {execa} from 'execa'
import {createInterface} from 'node:readline'
import {BIN, type Run} from './run-daas.ts'

/** One line of a streaming command under --json. */
export interface DaasEvent {
  readonly type: string
  readonly [field: string]: unknown
}

/** A `daas` that runs on: devnet, listen, join, demo. */
export interface RunningDaas {
  readonly pid: number
  /** What it has printed so far. */
  readonly events: readonly DaasEvent[]
  readonly stdout: () => string
  readonly stderr: () => string
  /**
   * The first event that fits, past or to come.
   * @throws when the process ends, or the deadline passes, without one; with what it said
   */
  waitFor<T = DaasEvent>(wanted: string | ((event: DaasEvent) => boolean), deadlineMs?: number): Promise<T>
  /** Settles when it has ended, never rejects. */
  readonly ended: Promise<Run>
  /** Sends a signal and waits for the end; SIGKILL after the deadline. May be called when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<Run>
}

/** Where it runs. */
export interface StartOptions {
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
}

const DEADLINE_MS = 60_000
const GRACE_MS = 20_000

/** Starts the built binary with stdin closed and none of the caller's settings, and reads its events. */
export function startDaas(args: readonly string[], {home, env = {}}: StartOptions): RunningDaas {
  const child = execa(process.execPath, [BIN, ...args], {
    cwd: home,
    env: {HOME: home, PATH: process.env.PATH, NO_COLOR: '1', ...env},
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    buffer: false,
  })
  const {pid} = child
  if (pid === undefined) throw new Error(`cannot start daas ${args.join(' ')}`)
  const out: string[] = []
  const err: string[] = []
  const events: DaasEvent[] = []
  const watchers = new Set<() => void>()
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  createInterface({input: child.stdout, crlfDelay: Infinity}).on('line', (line) => {
    out.push(line)
    if (!line.startsWith('{"time"')) return
    events.push(JSON.parse(line) as DaasEvent)
    for (const watcher of watchers) watcher()
  })
  const stdout = (): string => out.join('\n')
  const stderr = (): string => err.join('')
  const ended = child.then(({exitCode, signal}): Run => {
    return {
      exitCode: exitCode ?? -1,
      stdout: stdout(),
      stderr: signal === undefined ? stderr() : `${stderr()}\nended by ${signal}`,
      json: <T>() => JSON.parse(stdout()) as T,
    }
  })

  return {
    pid,
    events,
    stdout,
    stderr,
    ended,
    waitFor<T>(wanted: string | ((event: DaasEvent) => boolean), deadlineMs = DEADLINE_MS): Promise<T> {
      const fits = typeof wanted === 'string' ? (event: DaasEvent): boolean => event.type === wanted : wanted
      return new Promise<T>((resolve, reject) => {
        const settle = (finish: () => void): void => {
          watchers.delete(look)
          clearTimeout(timer)
          finish()
        }
        const look = (): void => {
          const found = events.find((event) => fits(event))
          if (found) settle(() => resolve(found as T))
        }
        const giveUp = (why: string): void =>
          settle(() => reject(new Error(`daas ${args.join(' ')}: ${why}\n${stdout()}\n${stderr()}`)))
        const timer = setTimeout(() => giveUp(`no such event in ${deadlineMs} ms`), deadlineMs)
        watchers.add(look)
        look()
        void ended.then(({exitCode}) => giveUp(`ended with ${exitCode} before the event`))
      })
    },
    async stop(signal = 'SIGINT') {
      child.kill(signal)
      const killer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
      const run = await ended
      clearTimeout(killer)
      return run
    },
  }
}
