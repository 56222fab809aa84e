import {chmod, mkdir, writeFile} from 'node:fs/promises'
import {dirname, extname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {KUBERNETES_VERSION} from '../locate.ts'
import {AGENT_VERSION} from './embedded-node.ts'

/** What a launcher starts. */
export interface LauncherOptions {
  /** Where the executable is written; its folder is made. */
  readonly file: string
  /** The script, in the form it is in now: .ts from the sources, .js from dist. */
  readonly script: URL
  /** The Node that runs it: the machine's own may be too old. */
  readonly execPath: string
  /** What `--version` prints; a shell does, so that asking costs no start of Node. */
  readonly version: string
  /** Variables for it alone; the agent's environment is scrubbed, so what it must know stands here. Not secret. */
  readonly env?: Readonly<Record<string, string>>
}

/** Writes an executable that runs a script as if it were the k3s binary. @returns its path */
export async function writeLauncher(options: LauncherOptions): Promise<string> {
  const {file, script, execPath, version, env = {}} = options
  const text = [
    '#!/bin/sh',
    '# A stand-in for k3s, written by daas for trying and testing.',
    'case "$1" in',
    `  --version | -v) echo ${quote(version)}; exit 0 ;;`,
    'esac',
    ...Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`),
    `exec ${quote(execPath)} --no-warnings ${quote(fileURLToPath(script))} "$@"`,
    '',
  ].join('\n')
  await mkdir(dirname(file), {recursive: true})
  await writeFile(file, text, {mode: 0o755})
  // The mode of writeFile is cut by the umask, and not applied to a file that was there.
  await chmod(file, 0o755)
  return file
}

/** Version of the stand-in that drives the real kubelet. */
export const KUBELET_AGENT_VERSION = `${KUBERNETES_VERSION}+daas.kubelet`

/** The stand-ins: one that runs no containers, and one that drives the kubelet of the given path. */
export type StandIn = {readonly kind: 'embedded'} | {readonly kind: 'kubelet'; readonly kubelet: string}

/** Writes an executable named `k3s` that starts a stand-in with this Node: what `daas join` spawns on a devnet. */
export async function writeStandIn(dir: string, standIn: StandIn): Promise<string> {
  const isKubelet = standIn.kind === 'kubelet'
  const version = isKubelet
    ? `${KUBELET_AGENT_VERSION} (the real kubelet, started by daas, not k3s)`
    : `${AGENT_VERSION} (embedded agent of daas, not k3s)`
  return writeLauncher({
    file: join(dir, 'k3s'),
    script: new URL(`./${standIn.kind}-agent${extname(import.meta.url)}`, import.meta.url),
    execPath: process.execPath,
    version: `k3s version ${version}`,
    ...(isKubelet && {env: {DAAS_KUBELET: standIn.kubelet}}),
  })
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
