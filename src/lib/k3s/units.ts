import {chmod, readFile} from 'node:fs/promises'
import {execa} from 'execa'
import writeFileAtomic from 'write-file-atomic'
import {daasError} from '../errors/daas-error.ts'
import {UNIT_DIR} from './remove-unit.ts'
import {renderTemplate} from './templates.ts'

/** What a unit starts. Nothing in it is secret: the key is named by its file, and loaded as a credential. */
export interface UnitOptions {
  /** Argument by argument, the program first, absolute. */
  readonly command: readonly string[]
  /** `DAAS_…` variables. */
  readonly environment: Readonly<Record<string, string>>
  /** Absolute. */
  readonly keyFile: string
}

/** The name of a node's unit. */
export function joinUnitName(nodeName: string): string {
  return `daas-join-${nodeName}.service`
}

/** The unit that keeps a node in the cluster. */
export async function renderJoinUnit(nodeName: string, options: UnitOptions): Promise<string> {
  return renderTemplate('daas-join.service', {
    ...common(options),
    description: `daas: node ${nodeName}`,
  })
}

/** The unit that runs a listener. @param options.kubeconfig absolute; loaded as a credential too */
export async function renderListenUnit(
  clusterName: string,
  options: UnitOptions & {readonly kubeconfig: string},
): Promise<string> {
  return renderTemplate('daas-listen.service', {
    ...common(options),
    description: `daas: listener of ${clusterName}`,
    kubeconfig: checked(options.kubeconfig),
  })
}

function common({command, environment, keyFile}: UnitOptions): Record<string, string> {
  return {
    execStart: command.map((part) => quoteExec(part)).join(' '),
    environment: Object.entries(environment)
      .map(([name, value]) => `Environment=${quoteUnit(`${name}=${value}`)}`)
      .join('\n'),
    keyFile: checked(keyFile),
  }
}

/** systemd.exec(5), systemd.syntax(7): quotes, backslashes; `%` begins a specifier. */
function quoteUnit(text: string): string {
  const escaped = checked(text).replaceAll('%', '%%').replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  return /[\s"'\\;]/.test(text) ? `"${escaped}"` : escaped
}

/** In a command line `$` begins a variable, too. */
function quoteExec(text: string): string {
  return quoteUnit(text).replaceAll('$', '$$$$')
}

/** A line break would begin a setting of its own. */
function checked(text: string): string {
  // eslint-disable-next-line no-control-regex -- exactly these are refused
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw daasError('USAGE', {reason: 'a unit cannot hold control characters'})
  return text
}

/** What came of installing a unit. */
export interface InstalledUnit {
  readonly file: string
  /** False where it said the same already. */
  readonly changed: boolean
}

/** Where units go, and how systemd is told. */
export interface UnitHost {
  readonly dir: string
  /** Runs `systemctl`. */
  readonly systemctl: (args: readonly string[]) => Promise<void>
}

/** This machine's systemd. @throws SYSTEMD_MISSING without root or systemd */
export function systemdHost(): UnitHost {
  if (process.getuid?.() !== 0) throw daasError('SYSTEMD_MISSING', {reason: 'it takes root'})
  return {
    dir: UNIT_DIR,
    systemctl: async (args) => {
      const {exitCode, stderr, code} = await execa('systemctl', [...args], {reject: false, stdin: 'ignore'})
      if (exitCode === 0) return
      throw daasError('SYSTEMD_MISSING', {
        reason: stderr?.trim() || code || `systemctl ended with ${exitCode}`,
      })
    },
  }
}

/** Writes a unit where it differs, enables it, and starts it, or starts it again where it was rewritten. */
export async function installUnit(host: UnitHost, name: string, text: string): Promise<InstalledUnit> {
  const file = `${host.dir}/${name}`
  const changed = (await currentText(file)) !== text
  if (changed) {
    await writeFileAtomic(file, text, {mode: 0o644})
    await chmod(file, 0o644)
    await host.systemctl(['daemon-reload'])
  }

  await host.systemctl(['enable', name])
  await host.systemctl([changed ? 'restart' : 'start', name])
  return {file, changed}
}

async function currentText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
