import {KubeConfig} from '@kubernetes/client-node'
import {execFile} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {type IncomingMessage} from 'node:http'
import {request, type RequestOptions} from 'node:https'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {promisify} from 'node:util'

const run = promisify(execFile)

/** An object as the API answers it. */
export interface Answered {
  status: number
  headers: IncomingMessage['headers']
  // The API's objects are looked at by tests field by field.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any
}

/** What a request may add to its path. */
export interface Extras {
  body?: unknown
  headers?: Record<string, string | string[]>
  /** Instead of the credentials of the kubeconfig; null = none at all. */
  bearer?: string | null
}

/** One cluster under test: stock kubectl, and plain HTTP. */
export class ClusterClient {
  readonly config = new KubeConfig()
  readonly #dir: string
  readonly #file: string

  private constructor(kubeconfig: string, dir: string, file: string) {
    this.config.loadFromString(kubeconfig)
    this.#dir = dir
    this.#file = file
  }

  static async open(kubeconfig: string): Promise<ClusterClient> {
    const dir = await mkdtemp(join(tmpdir(), 'daas-conformance-'))
    const file = join(dir, 'kubeconfig')
    await writeFile(file, kubeconfig, {mode: 0o600})
    return new ClusterClient(kubeconfig, dir, file)
  }

  async close(): Promise<void> {
    await rm(this.#dir, {recursive: true, force: true})
  }

  /** Runs kubectl; throws where it fails, with its words. */
  async kubectl(...args: string[]): Promise<string> {
    const {stdout} = await run('kubectl', args, {env: this.#env()})
    return stdout
  }

  /** Runs kubectl and expects it to fail; returns what it said. */
  async kubectlFails(...args: string[]): Promise<string> {
    try {
      await this.kubectl(...args)
    } catch (error) {
      return String((error as {stderr?: string}).stderr)
    }
    throw new Error(`kubectl ${args.join(' ')} did not fail`)
  }

  /** Writes a manifest for `kubectl -f`. */
  async manifest(name: string, object: unknown): Promise<string> {
    const file = join(this.#dir, name)
    await writeFile(file, JSON.stringify(object))
    return file
  }

  /** Sends a request and reads the whole answer. */
  async http(method: string, path: string, {body, headers, bearer}: Extras = {}): Promise<Answered> {
    const options = await this.#options(method, path, bearer)
    const text = body === undefined ? undefined : JSON.stringify(body)
    options.headers = {
      ...(options.headers as object),
      ...(text
        ? {'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text))}
        : {}),
      ...headers,
    }
    return new Promise((resolve, reject) => {
      const outgoing = request(options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8')
          const isJson = response.headers['content-type']?.includes('json')
          const status = response.statusCode ?? 0
          resolve({status, headers: response.headers, body: isJson ? JSON.parse(answer) : answer})
        })
      })
      outgoing.on('error', reject)
      outgoing.end(text)
    })
  }

  /** Opens a watch; the events come as they arrive, until the signal. */
  async watch(
    path: string,
    signal: AbortSignal,
    onEvent: (event: {type: string; object: Answered['body']}) => void,
  ): Promise<void> {
    const options = await this.#options('GET', path, undefined)
    await new Promise<void>((resolve, reject) => {
      let rest = ''
      const outgoing = request({...options, signal}, (response) => {
        response.on('data', (chunk: Buffer) => {
          rest += chunk.toString('utf8')
          const lines = rest.split('\n')
          rest = lines.pop()!
          lines.forEach((line) => onEvent(JSON.parse(line)))
        })
        response.on('error', (error) => (signal.aborted ? resolve() : reject(error)))
        response.on('end', resolve)
      })
      outgoing.on('error', (error) => (signal.aborted ? resolve() : reject(error)))
      outgoing.end()
    })
  }

  async #options(method: string, path: string, bearer: string | null | undefined): Promise<RequestOptions> {
    const url = new URL(path, this.config.getCurrentCluster()!.server)
    const options: RequestOptions = {
      method,
      hostname: url.hostname,
      port: url.port,
      path: url.pathname + url.search,
      agent: false,
    }
    await this.config.applyToHTTPSOptions(options)
    // One connection per request: nothing is left open when a test ends.
    options.agent = false
    if (bearer !== undefined) {
      delete options.cert
      delete options.key
      options.auth = null
      options.headers = bearer === null ? {} : {authorization: `Bearer ${bearer}`}
    }
    return options
  }

  #env(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: this.#dir,
      KUBECONFIG: this.#file,
      KUBECACHEDIR: join(this.#dir, 'cache'),
    }
  }
}

/** Whether there is a kubectl. */
export async function hasKubectl(): Promise<boolean> {
  return run('kubectl', ['version', '--client']).then(
    () => true,
    () => false,
  )
}

/** Asks again until the answer is good; fails with the last answer at the deadline. */
export async function eventually<T>(
  ask: () => Promise<T>,
  good: (answer: T) => boolean,
  deadlineMs = 15_000,
): Promise<T> {
  const end = Date.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (good(answer)) return answer
    if (Date.now() > end)
      throw new Error(`not within ${deadlineMs} ms; last answer: ${JSON.stringify(answer)}`)
    await delay(100)
  }
}
