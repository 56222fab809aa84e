import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'

/** A cluster that has a name of its own here, and where it is. */
const namedClusterSchema = z.strictObject({
  id: z.string(),
  network: z.string().optional(),
  rpcUrl: z.string().optional(),
})

/** What the config file may hold; the same names as the flags, in camel case. */
const settingsSchema = z.strictObject({
  network: z.string().optional(),
  rpcUrl: z.string().optional(),
  cluster: z.string().optional(),
  keyFile: z.string().optional(),
  address: z.string().optional(),
  seal: z.string().optional(),
  clusters: z.record(z.string(), namedClusterSchema).optional(),
})

/** The settings that commands share. `cluster` is an id, or a name that `clusters` does not have. */
export type Settings = z.infer<typeof settingsSchema>

/** A cluster that has a name here. */
export type NamedCluster = z.infer<typeof namedClusterSchema>

/** Where settings come from, the strongest first: flags and environment (oclif reads both), files. */
export interface SettingsSources {
  /** Flags as parsed, `DAAS_*` included. */
  readonly flags: Settings
  /** The user's configuration directory. */
  readonly configDir: string
  /** The machine's; /etc/daas. */
  readonly systemDir?: string
}

/**
 * Merges flags and environment over the user's config.yaml over the machine's. Where the cluster is a name of `clusters`,
 * its id takes the name's place, and its network counts unless flags or environment name one.
 * @throws CONFIG_INVALID
 */
export async function loadSettings({
  flags,
  configDir,
  systemDir = '/etc/daas',
}: SettingsSources): Promise<Settings> {
  const [system, user] = await Promise.all([readSettings(systemDir), readSettings(configDir)])
  const given: Settings = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
  const clusters = {...system.clusters, ...user.clusters}
  const merged: Settings = {...system, ...user, ...given}
  if (Object.keys(clusters).length > 0) merged.clusters = clusters
  const named = Object.hasOwn(clusters, merged.cluster ?? '') ? clusters[merged.cluster ?? ''] : undefined
  if (!named) return merged
  const {id, network, rpcUrl} = named
  const elsewhere = given.network !== undefined || given.rpcUrl !== undefined
  const place = elsewhere
    ? {}
    : {...(network !== undefined && {network}), ...(rpcUrl !== undefined && {rpcUrl})}
  return {...merged, ...place, cluster: id}
}

async function readSettings(dir: string): Promise<Settings> {
  const file = join(dir, 'config.yaml')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw daasError('CONFIG_INVALID', {file, reason: 'it cannot be read'}, {cause: error})
  }

  const {parse} = await import('yaml')
  let document: unknown
  try {
    document = parse(text) ?? {}
  } catch (error) {
    throw daasError('CONFIG_INVALID', {file, reason: 'it is no YAML'}, {cause: error})
  }

  const result = settingsSchema.safeParse(document)
  if (result.success) return result.data
  const reason = result.error.issues.map((issue) => [...issue.path, issue.message].join(': ')).join('; ')
  throw daasError('CONFIG_INVALID', {file, reason})
}
