import {mkdir, readdir, readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'
import {createPinnedCertificate} from '../seal/tls-pin.ts'
import {serverNameOf} from './gateway.ts'

/** What a running gateway leaves for the commands that use it: gone when it ends. Secret: it holds the token. */
const runSchema = z.strictObject({
  version: z.literal(1),
  pid: z.int().positive(),
  url: z.url(),
  serverName: z.string(),
  caPem: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  /** Whose requests it sends. */
  address: z.string(),
  seal: z.string(),
  sealExpiresAtMs: z.number(),
  token: z.string().min(1),
})

/** What stays, so that kubeconfig entries outlive a restart: key and certificate, and the last port. Secret. */
const identitySchema = z.strictObject({
  version: z.literal(1),
  certPem: z.string(),
  keyPem: z.string(),
  port: z.int().min(0).max(65_535),
})

/** A gateway that runs. */
export type GatewayRun = z.infer<typeof runSchema>

/** Key and certificate of a gateway, and the port it had. */
export type GatewayIdentity = z.infer<typeof identitySchema>

/** One gateway: a cluster as one address sees it. */
export interface GatewayKey {
  /** Object id. */
  readonly cluster: string
  readonly address: string
}

/** The gateways of this user on this machine: a 0700 directory for each, files of mode 0600. */
export interface GatewayRuntime {
  /** The identity of a gateway; made where there is none yet. */
  identity(key: GatewayKey): Promise<GatewayIdentity>
  saveIdentity(key: GatewayKey, identity: GatewayIdentity): Promise<void>
  /** Tells that a gateway runs. */
  announce(run: GatewayRun): Promise<void>
  /** Tells that it runs no more. */
  withdraw(key: GatewayKey): Promise<void>
  /** The gateways that run and fit. What a crashed one left behind does not count. */
  running(wanted?: Partial<GatewayKey>): Promise<GatewayRun[]>
}

/**
 * Opens the runtime files of gateways.
 * @param dir made where it is not there
 * @param isAlive whether a process runs
 * @param now Unix time, ms
 */
export function openGatewayRuntime(
  dir: string,
  isAlive: (pid: number) => boolean = processRuns,
  now: () => number = Date.now,
): GatewayRuntime {
  const fileOf = ({cluster, address}: GatewayKey, name: string): string =>
    join(dir, `${cluster}-${address}`, `${name}.json`)
  const write = async (key: GatewayKey, name: string, value: object): Promise<void> => {
    await mkdir(join(dir, `${key.cluster}-${key.address}`), {recursive: true, mode: 0o700})
    await writeFileAtomic(fileOf(key, name), JSON.stringify(value), {mode: 0o600})
  }

  return {
    async identity(key) {
      const known = await readJson(fileOf(key, 'identity'), identitySchema)
      if (known) return known
      const {certPem, keyPem} = await createPinnedCertificate([serverNameOf(key.cluster)], now())
      const identity = {version: 1, certPem, keyPem, port: 0} as const
      await write(key, 'identity', identity)
      return identity
    },
    saveIdentity: (key, identity) => write(key, 'identity', identity),
    announce: (run) => write(run, 'run', run),
    withdraw: (key) => rm(fileOf(key, 'run'), {force: true}),
    async running({cluster, address} = {}) {
      const runs = await Promise.all(
        (await namesIn(dir)).map((name) => readJson(join(dir, name, 'run.json'), runSchema)),
      )
      return runs.filter(
        (run): run is GatewayRun =>
          run !== undefined &&
          isAlive(run.pid) &&
          (cluster === undefined || run.cluster === cluster) &&
          (address === undefined || run.address === address),
      )
    },
  }
}

/**
 * The one gateway that runs and fits.
 * @throws GATEWAY_NOT_RUNNING, GATEWAY_AMBIGUOUS
 */
export async function findGatewayRun(
  runtime: Pick<GatewayRuntime, 'running'>,
  wanted: Partial<GatewayKey>,
): Promise<GatewayRun> {
  const [run, ...more] = await runtime.running(wanted)
  if (run === undefined) {
    const whose = [wanted.cluster && ` for ${wanted.cluster}`, wanted.address && ` as ${wanted.address}`]
    throw daasError('GATEWAY_NOT_RUNNING', {whose: whose.filter(Boolean).join('')})
  }

  if (more.length === 0) return run
  const which = [run, ...more].map(({cluster, address}) => `${cluster} as ${address}`).join(', ')
  throw daasError('GATEWAY_AMBIGUOUS', {which})
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }

  // What is not as it should be is as good as not there: a gateway writes it anew.
  const parsed = schema.safeParse(parseJson(text))
  return parsed.success ? parsed.data : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Whether a process of this machine runs. */
export function processRuns(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process is a process too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
