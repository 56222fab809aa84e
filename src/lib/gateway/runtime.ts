import {randomUUID} from 'node:crypto'
import {link, mkdir, open, readdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'
import {createAuthority, type KeyedCertificate} from './authority.ts'
import {processRuns} from './process-runs.ts'

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
  clientCertPem: z.string(),
  clientKeyPem: z.string(),
})

/** What stays, so that kubeconfig entries outlive a restart: who issues the certificates. Secret. */
const authoritySchema = z.strictObject({version: z.literal(1), certPem: z.string(), keyPem: z.string()})

/** And where a gateway was. */
const placeSchema = z.strictObject({version: z.literal(1), port: z.int().min(0).max(65_535)})

/** A gateway that runs. */
export type GatewayRun = z.infer<typeof runSchema>

/** One gateway: a cluster as one address sees it. */
export interface GatewayKey {
  /** Object id. */
  readonly cluster: string
  readonly address: string
}

/** The gateways of this user on this machine: a 0700 directory for each, files of mode 0600. */
export interface GatewayRuntime {
  /** Who issues the certificates of all of them; made where there is none yet. */
  authority(): Promise<KeyedCertificate>
  /** The port of the last time; 0 = there was none. */
  lastPort(key: GatewayKey): Promise<number>
  savePort(key: GatewayKey, port: number): Promise<void>
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
    async authority() {
      const file = join(dir, 'authority.json')
      const known = await readJson(file, authoritySchema)
      if (known) return known
      await mkdir(dir, {recursive: true, mode: 0o700})
      await writeOnce(file, JSON.stringify({version: 1, ...(await createAuthority(now()))}))
      return (await readJson(file, authoritySchema)) ?? authorityBroken(file)
    },
    lastPort: async (key) => (await readJson(fileOf(key, 'place'), placeSchema))?.port ?? 0,
    savePort: (key, port) => write(key, 'place', {version: 1, port}),
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
 * @throws GATEWAY_NOT_RUNNING, GATEWAY_AMBIGUOUS, GATEWAY_FILE_FOREIGN
 */
export async function findGatewayRun(
  runtime: Pick<GatewayRuntime, 'running'>,
  wanted: Partial<GatewayKey>,
): Promise<GatewayRun> {
  const [run] = await findGatewayRuns(runtime, wanted, false)
  return run
}

/**
 * The gateways that run and fit, ordered by cluster and address: one, or as many as there are.
 * @param several whether there may be more than one
 * @throws GATEWAY_NOT_RUNNING, GATEWAY_AMBIGUOUS, GATEWAY_FILE_FOREIGN
 */
export async function findGatewayRuns(
  runtime: Pick<GatewayRuntime, 'running'>,
  wanted: Partial<GatewayKey>,
  several: boolean,
): Promise<[GatewayRun, ...GatewayRun[]]> {
  const [run, ...more] = await runtime.running(wanted)
  if (run === undefined) {
    const whose = [wanted.cluster && ` for ${wanted.cluster}`, wanted.address && ` as ${wanted.address}`]
    throw daasError('GATEWAY_NOT_RUNNING', {whose: whose.filter(Boolean).join('')})
  }

  if (more.length === 0 || several) return [run, ...more]
  const which = [run, ...more].map(({cluster, address}) => `${cluster} as ${address}`).join(', ')
  throw daasError('GATEWAY_AMBIGUOUS', {which})
}

/**
 * Reads a file that is this user's alone.
 * @throws GATEWAY_FILE_FOREIGN
 */
async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string
  try {
    const handle = await open(file)
    try {
      const {uid, mode} = await handle.stat()
      const me = process.getuid?.()
      if (me !== undefined && uid !== me) throw foreign(file, `it belongs to user ${uid}`)
      if (me !== undefined && (mode & 0o077) !== 0) throw foreign(file, 'others can read it')
      text = await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (ABSENT.has(codeOf(error))) return undefined
    if (codeOf(error) === 'EACCES') throw foreign(file, 'it cannot be read', error)
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
    return (await readdir(dir)).sort()
  } catch (error) {
    if (ABSENT.has(codeOf(error))) return []
    if (codeOf(error) === 'EACCES') throw foreign(dir, 'it cannot be read', error)
    throw error
  }
}

/** Writes a file of mode 0600 where there is none yet, whole or not at all: of two who do, one wins. */
async function writeOnce(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, text, {mode: 0o600, flag: 'wx'})
  try {
    await link(draft, file)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    await rm(draft, {force: true})
  }
}

const ABSENT = new Set<unknown>(['ENOENT', 'ENOTDIR'])

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

function foreign(file: string, reason: string, cause?: unknown): Error {
  return daasError('GATEWAY_FILE_FOREIGN', {file, reason}, cause === undefined ? {} : {cause})
}

function authorityBroken(file: string): never {
  throw foreign(file, 'it holds no authority: remove it')
}
