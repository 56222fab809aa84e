import {chmod, writeFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'

/** What a launcher starts. */
export interface LauncherOptions {
  /** Where the executable is written. */
  file: string
  /** The script, in the form it is in now: .ts from the sources, .js from dist. */
  script: URL
  /** The Node that runs it: the machine's own may be too old. */
  execPath: string
  /** Variables for it alone; the agent's environment is scrubbed, so what it must know stands here. Not secret. */
  env?: Record<string, string>
}

/** Writes an executable that runs a script as if it were the k3s binary. @returns its path */
export async function writeLauncher({file, script, execPath, env = {}}: LauncherOptions): Promise<string> {
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`)
  const command = `exec ${quote(execPath)} --no-warnings ${quote(fileURLToPath(script))} "$@"`
  await writeFile(file, ['#!/bin/sh', ...variables, command, ''].join('\n'))
  await chmod(file, 0o755)
  return file
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
