import {spawn} from 'node:child_process'
import {mkdir, open, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {daasError} from '../errors/daas-error.ts'

/** A join that runs on by itself. */
export interface DetachedJoin {
  /** Of the `daas join` in the background. */
  readonly pid: number
  /** What it says, one JSON object per line. */
  readonly log: string
  /** Its `joined` line. */
  readonly joined: Readonly<Record<string, unknown>>
}

/** What is started. */
export interface DetachOptions {
  readonly nodeName: string
  /** This Node, and the arguments up to `join`. */
  readonly execPath: string
  readonly args: readonly string[]
  readonly env: Record<string, string | undefined>
  /** Where the log goes; 0700. */
  readonly dir: string
  readonly signal: AbortSignal
}

const POLL_MS = 100

/**
 * Starts `daas join` in a session of its own and waits until its node is in. Where it ends before, or we are told to
 * stop waiting, it does not stay behind.
 * @throws DETACHED_FAILED, the signal's reason
 */
export async function startDetached(options: DetachOptions): Promise<DetachedJoin> {
  const {nodeName, dir, signal} = options
  await mkdir(dir, {recursive: true, mode: 0o700})
  const log = join(dir, 'join.log')
  const out = await open(log, 'w', 0o600)
  // Not execa: its pipes would tie the child to this process.
  const child = spawn(options.execPath, [...options.args], {
    detached: true,
    stdio: ['ignore', out.fd, out.fd],
    env: options.env,
  })
  const {pid} = child
  const state = {ended: undefined as string | undefined}
  child.on('error', (error) => {
    state.ended = error.message
  })
  child.on('exit', (code, by) => {
    state.ended = by === null ? `exit code ${code}` : `signal ${by}`
  })
  try {
    for (;;) {
      const lines = (await readFile(log, 'utf8')).split('\n').slice(0, -1)
      const events = lines.flatMap((line) => (line.startsWith('{"time"') ? [parse(line)] : []))
      const joined = events.find(({type}) => type === 'joined')
      if (joined && pid !== undefined) {
        child.unref()
        return {pid, log, joined}
      }

      if (state.ended !== undefined || pid === undefined) {
        const error = events.find(({type}) => type === 'error')?.error as {message?: string} | undefined
        throw daasError('DETACHED_FAILED', {
          node: nodeName,
          reason: error?.message ?? state.ended ?? 'it did not start',
          log,
        })
      }

      await delay(POLL_MS, undefined, {signal})
    }
  } catch (error) {
    if (state.ended === undefined) child.kill('SIGTERM')
    throw error
  } finally {
    await out.close()
  }
}

function parse(line: string): Record<string, unknown> {
  return JSON.parse(line) as Record<string, unknown>
}
