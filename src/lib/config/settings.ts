import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'

/** What the config file may hold; the same names as the flags, in camel case. */
const settingsSchema = z.strictObject({
  network: z.string().optional(),
  rpcUrl: z.string().optional(),
  cluster: z.string().optional(),
  keyFile: z.string().optional(),
  address: z.string().optional(),
  seal: z.string().optional(),
})

/** The settings that commands share. */
export type Settings = z.infer<typeof settingsSchema>

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
 * Merges flags and environment over the user's config.yaml over the machine's.
 * @throws CONFIG_INVALID
 */
export async function loadSettings({
  flags,
  configDir,
  systemDir = '/etc/daas',
}: SettingsSources): Promise<Settings> {
  const [system, user] = await Promise.all([readSettings(systemDir), readSettings(configDir)])
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
  return {...system, ...user, ...given}
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
