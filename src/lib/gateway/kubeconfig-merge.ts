import {mkdir, open, readFile, realpath, rm, stat} from 'node:fs/promises'
import {dirname} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {isMap, isSeq, parseDocument, Document, type YAMLSeq} from 'yaml'
import {daasError} from '../errors/daas-error.ts'
import {kubeconfigOf, type KubeconfigEntry} from './kubeconfig-entry.ts'

/** What merging did. */
export interface MergeResult {
  /** The file itself, where links lead. */
  readonly file: string
  /** False where the entry stood there already. */
  readonly changed: boolean
  readonly currentContext: string
}

/**
 * Puts entries into a kubeconfig: what has their names is replaced, everything else stays as it is, comments included.
 * The current context becomes the first of them where there is none, or where `use` says so. The file is locked as kubectl locks it,
 * and replaced in one step; a new one has mode 0600.
 * @throws KUBECONFIG_INVALID, KUBECONFIG_LOCKED
 */
export async function mergeKubeconfig(
  path: string,
  entries: readonly [KubeconfigEntry, ...KubeconfigEntry[]],
  use: boolean,
): Promise<MergeResult> {
  await mkdir(dirname(path), {recursive: true, mode: 0o700})
  const file = await realpath(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path
    throw error
  })
  const lock = `${file}.lock`
  await takeLock(file, lock)
  try {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
      throw error
    })
    const document = readDocument(file, text, entries)
    const before = document.toString()
    for (const {name, cluster, user, context} of entries) {
      put(document, 'clusters', {name, cluster}, file)
      put(document, 'users', {name, user}, file)
      put(document, 'contexts', {name, context}, file)
    }

    if (use || !document.get('current-context')) document.set('current-context', entries[0].name)
    const after = document.toString()
    const changed = text.trim() === '' || before !== after
    if (changed) await writeFileAtomic(file, after, {mode: await modeOf(file)})
    return {file, changed, currentContext: String(document.get('current-context'))}
  } finally {
    await rm(lock, {force: true})
  }
}

async function takeLock(file: string, lock: string): Promise<void> {
  try {
    await (await open(lock, 'wx', 0o600)).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw daasError('KUBECONFIG_LOCKED', {file, lock}, {cause: error})
  }
}

function readDocument(file: string, text: string, entries: readonly KubeconfigEntry[]): Document {
  if (text.trim() === '') return new Document(kubeconfigOf(entries))
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) throw daasError('KUBECONFIG_INVALID', {file, reason: 'it is no YAML'}, {cause: error})
  if (!isMap(document.contents)) throw daasError('KUBECONFIG_INVALID', {file, reason: 'it is no object'})
  return document
}

function put(
  document: Document,
  list: string,
  item: {name: string} & Record<string, unknown>,
  file: string,
): void {
  const found = document.get(list)
  if (found === undefined || found === null) {
    document.set(list, document.createNode([item]))
    return
  }

  if (!isSeq(found)) throw daasError('KUBECONFIG_INVALID', {file, reason: `its ${list} are no list`})
  const {items} = found as YAMLSeq
  const at = items.findIndex((each) => isMap(each) && each.get('name') === item.name)
  const node = document.createNode(item)
  if (at === -1) items.push(node)
  else if (JSON.stringify(document.getIn([list, at], true)) !== JSON.stringify(node)) items[at] = node
}

async function modeOf(file: string): Promise<number> {
  return stat(file).then(
    ({mode}) => mode & 0o777,
    () => 0o600,
  )
}
