import {chmod, mkdir, writeFile} from 'node:fs/promises'
import {extname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {AGENT_VERSION} from './embedded-node.ts'

/** Where a shim goes, and what it starts. */
export interface AgentShimOptions {
  /** The folder; made where it is missing. */
  readonly dir: string
  readonly kind: 'embedded'
}

/**
 * Writes an executable named `k3s` that starts the embedded agent with this Node: what `daas join` spawns on a
 * devnet. It works from the sources (.ts) and from the build (.js). `k3s --version` says what it is.
 * @returns the path of the executable
 */
export async function writeAgentShim({dir}: AgentShimOptions): Promise<string> {
  const extension = extname(fileURLToPath(import.meta.url))
  const main = fileURLToPath(new URL(`./embedded-agent${extension}`, import.meta.url))
  const file = join(dir, 'k3s')
  const script = [
    '#!/bin/sh',
    '# A stand-in for k3s: the embedded agent of daas. It joins a node and runs no containers.',
    'case "$1" in',
    `  --version | -v) echo 'k3s version ${AGENT_VERSION} (embedded agent of daas, not k3s)'; exit 0 ;;`,
    'esac',
    `exec ${quote(process.execPath)} ${quote(main)} "$@"`,
    '',
  ].join('\n')
  await mkdir(dir, {recursive: true})
  await writeFile(file, script, {mode: 0o755})
  // The mode of writeFile is cut by the umask, and not applied to a file that was there.
  await chmod(file, 0o755)
  return file
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
