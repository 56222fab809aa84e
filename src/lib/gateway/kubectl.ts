import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {constants} from 'node:os'
import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Readable} from 'node:stream'
import which from 'which'
import {daasError, DaasError} from '../errors/daas-error.ts'
import type {Gateway} from './gateway.ts'
import {gatewayKubeconfig} from './kubeconfig.ts'
import {processRuns} from './process-runs.ts'

/** A run of the real kubectl. */
export interface KubectlRun {
  /** As the user typed them. */
  args: readonly string[]
  gateway: Omit<Gateway, 'close'>
  /** Path or name of the binary; `kubectl` on the PATH of `env` where absent. */
  kubectlBin?: string
  /** kubectl's own discovery cache lies below, and the kubeconfigs of what runs; stable per user. */
  cacheDir: string
  env: Readonly<Record<string, string | undefined>>
  /** Ends kubectl: SIGINT where the reason is INTERRUPTED, else SIGTERM. */
  signal?: AbortSignal
  /** Whether kubectl has the terminal (where absent) or its output comes back. */
  stdio?: 'inherit' | 'pipe'
  /** What kubectl reads on stdin, where its output comes back. */
  input?: string
  /** Told what stands on its stdout as it comes, where that comes back. */
  onOutput?: (text: string) => void
  /** Default namespace of the context. */
  namespace?: string
  /** Told when kubectl runs: passes it a signal that does not end `signal`. */
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void
}

/** How kubectl ended. */
export interface KubectlResult {
  /** Its own exit code; 128 + n where signal n ended it. */
  exitCode: number
  /** Where `stdio` pipes them. */
  stdout: string
  stderr: string
}

/** After SIGTERM kubectl gets this long, ms. */
const GRACE_MS = 5000

/**
 * Runs the real kubectl against a gateway, by a throw-away kubeconfig (0600, in a directory of mode 0700) that is gone
 * when it returns. Neither argv nor environment of kubectl hold the token.
 * @throws KUBECTL_MISSING
 */
export async function runKubectl(run: KubectlRun): Promise<KubectlResult> {
  const kubectl = await findKubectl(run)
  const dir = await makeRunDir(join(run.cacheDir, 'runs'))
  try {
    const kubeconfig = join(dir, 'config')
    await writeFile(kubeconfig, gatewayKubeconfig(run.gateway, run.namespace), {mode: 0o600})
    const kubeCache = join(run.cacheDir, 'kubectl')
    await mkdir(kubeCache, {recursive: true, mode: 0o700})
    const isPiped = run.stdio === 'pipe'
    const [stdin, out] = isPiped ? ([run.input === undefined ? 'ignore' : 'pipe', 'pipe'] as const) : []
    const child = spawn(kubectl, run.args, {
      env: {...run.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: kubeCache},
      stdio: [stdin ?? 'inherit', out ?? 'inherit', out ?? 'inherit'],
    })
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
    const killNow = (): void => void child.kill('SIGKILL')
    let late: NodeJS.Timeout | undefined
    const stop = (): void => {
      const {reason} = run.signal as {reason: unknown}
      const interrupted = reason instanceof DaasError && reason.errorName === 'INTERRUPTED'
      child.kill(interrupted ? 'SIGINT' : 'SIGTERM')
      if (!interrupted) late = setTimeout(killNow, GRACE_MS)
    }

    process.once('exit', killNow)
    try {
      child.stdin?.on('error', ignoreClosed).end(run.input)
      const output = Promise.all([textOf(child.stdout, run.onOutput), textOf(child.stderr)])
      run.onStart?.((signal) => child.kill(signal))
      run.signal?.addEventListener('abort', stop, {once: true})
      if (run.signal?.aborted) stop()
      const [[exitCode, signal], [stdout, stderr]] = await Promise.all([ended, output])
      return {exitCode: exitCode ?? 128 + constants.signals[signal ?? 'SIGKILL'], stdout, stderr}
    } finally {
      run.signal?.removeEventListener('abort', stop)
      process.off('exit', killNow)
      clearTimeout(late)
    }
  } finally {
    await rm(dir, {recursive: true, force: true})
  }
}

/** All of a stream; '' where there is none. */
async function textOf(stream: Readable | null, onText?: (text: string) => void): Promise<string> {
  let text = ''
  for await (const part of stream?.setEncoding('utf8') ?? []) {
    text += part
    onText?.(part as string)
  }

  return text
}

/** kubectl need not read all that it is given. */
function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error
}

/** Makes a directory (0700) for a run of this process, and removes those of processes that were killed. */
async function makeRunDir(runs: string): Promise<string> {
  await mkdir(runs, {recursive: true, mode: 0o700})
  const dead = (await readdir(runs)).filter((name) => !processRuns(Number(name.split('-', 1)[0])))
  await Promise.all(dead.map((name) => rm(join(runs, name), {recursive: true, force: true})))
  return mkdtemp(join(runs, `${process.pid}-`))
}

/**
 * Finds the kubectl that {@link runKubectl} would run.
 * @throws KUBECTL_MISSING
 */
export async function findKubectl({
  env,
  kubectlBin,
}: Pick<KubectlRun, 'env' | 'kubectlBin'>): Promise<string> {
  const found = await which(kubectlBin ?? 'kubectl', {path: env.PATH ?? '', nothrow: true})
  if (found === null) throw daasError('KUBECTL_MISSING', {})
  return found
}
