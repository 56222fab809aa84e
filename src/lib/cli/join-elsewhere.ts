import {resolve} from 'node:path'
import {daasError} from '../errors/daas-error.ts'
import {unattendedArgs} from './join-flags.ts'

/** A join that another process does: a unit, a machine at its first boot. */
export interface JoinElsewhere {
  readonly node: string
  /** As they were parsed. */
  readonly flags: Readonly<Record<string, unknown>>
  /** The arguments behind `--`. */
  readonly passed: readonly string[]
  /** What a process that does not share this one's environment has to be told. Nothing secret is among it. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The text of the unit that keeps a node in the cluster.
 * @param here the same files as for whoever runs `daas leave` here
 * @throws INPUT_MISSING where no key file is known: a unit takes no key from the environment
 */
export async function joinUnitText(
  {node, flags, passed, environment}: JoinElsewhere,
  here: {
    readonly dataDir: string
    readonly cacheDir: string
    readonly execPath: string
    readonly script: string
  },
): Promise<string> {
  const {renderJoinUnit} = await import('../k3s/units.ts')
  const {DAAS_KEY_FILE: keyFile, ...rest} = environment
  if (keyFile === undefined) throw daasError('INPUT_MISSING', {flags: '--key-file'})
  return renderJoinUnit(node, {
    command: [here.execPath, resolve(here.script), ...unattendedArgs(flags, passed)],
    keyFile: resolve(keyFile),
    environment: {...rest, DAAS_DATA_DIR: here.dataDir, DAAS_CACHE_DIR: here.cacheDir},
  })
}

/** cloud-init's user data with which a fresh machine joins; its key has a place of its own. */
export async function joinCloudInit(
  {node, flags, passed, environment}: JoinElsewhere,
  version: string,
): Promise<string> {
  const [{renderCloudInit}, {shellLine}] = await Promise.all([
    import('../k3s/cloud-init.ts'),
    import('../k3s/agent-options.ts'),
  ])
  const [command, ...args] = unattendedArgs(flags, passed)
  return renderCloudInit({
    node,
    cluster: environment.DAAS_CLUSTER ?? '',
    environment: {...environment, DAAS_KEY_FILE: '/etc/daas/key'},
    command: shellLine(['daas', command!, '--systemd', ...args]),
    version,
  })
}
