import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {daasError} from '../errors/daas-error.ts'
import type {NamedCluster} from './settings.ts'

/** What to remember. */
export interface UseCluster {
  /** The user's configuration directory. */
  readonly configDir: string
  readonly name: string
  /** Where the name is new, or is to mean another cluster. */
  readonly cluster?: NamedCluster
}

/**
 * Makes a named cluster the one that is used where no other is named: `cluster` of the user's config.yaml, whose other
 * lines and comments stay. The file is replaced in one step.
 * @returns the file, and whether anything in it changed
 * @throws CONFIG_INVALID
 */
export async function useCluster({
  configDir,
  name,
  cluster,
}: UseCluster): Promise<{file: string; changed: boolean}> {
  const file = join(configDir, 'config.yaml')
  const before = await readIfThere(file)
  const {parseDocument} = await import('yaml')
  const document = parseDocument(before)
  if (document.errors.length > 0) throw daasError('CONFIG_INVALID', {file, reason: 'it is no YAML'})
  document.set('cluster', name)
  if (cluster) document.setIn(['clusters', name], document.createNode(cluster))
  const after = document.toString()
  if (after === before) return {file, changed: false}
  await mkdir(configDir, {recursive: true, mode: 0o700})
  const next = `${file}.${process.pid}`
  await writeFile(next, after, {mode: 0o600})
  await rename(next, file)
  return {file, changed: true}
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw daasError('CONFIG_INVALID', {file, reason: 'it cannot be read'}, {cause: error})
  }
}
