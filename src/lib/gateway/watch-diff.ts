/** An object's identity and version, and itself as a list or a table holds it. */
interface Entry {
  version: string
  /** As it goes into an event: the object, or a Table of one row. */
  object: unknown
}

/** What a list held, by object. */
export interface Snapshot {
  /** `metadata.resourceVersion` of the list. */
  version: string
  entries: Map<string, Entry>
}

/** One event of a watch, as a line of JSON carries it. */
export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  object: unknown
}

interface Meta {
  uid?: string
  name?: string
  namespace?: string
  resourceVersion?: string
}

interface KubeObject {
  kind?: string
  apiVersion?: string
  metadata?: Meta
}

interface KubeList extends KubeObject {
  items?: KubeObject[] | null
  columnDefinitions?: unknown
  rows?: {object?: KubeObject}[] | null
}

/**
 * Reads a list, or a Table (what `kubectl get` asks for), as JSON.
 * @returns undefined where the bytes are neither
 */
export function readSnapshot(body: Uint8Array): Snapshot | undefined {
  let list: KubeList
  try {
    list = JSON.parse(new TextDecoder().decode(body)) as KubeList
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }

  const version = list.metadata?.resourceVersion ?? ''
  const entries = new Map<string, Entry>()
  if (list.kind === 'Table') {
    const {rows, ...table} = list
    for (const row of rows ?? []) {
      add(entries, row.object?.metadata, {
        ...table,
        metadata: {resourceVersion: row.object?.metadata?.resourceVersion},
        rows: [row],
      })
    }
  } else if (list.kind?.endsWith('List')) {
    const kind = list.kind.slice(0, -'List'.length)
    // Within a list an object does not repeat its kind; alone it must say it.
    for (const item of list.items ?? [])
      add(entries, item.metadata, {kind, apiVersion: list.apiVersion, ...item})
  } else {
    return undefined
  }

  return {version, entries}
}

/**
 * What happened between two lists. An object deleted and made again in between is one DELETED and one ADDED.
 * @param before undefined where nothing is known to the client yet: all is ADDED
 */
export function diffSnapshots(before: Snapshot | undefined, after: Snapshot): WatchEvent[] {
  const events: WatchEvent[] = []
  for (const [key, entry] of before?.entries ?? []) {
    if (!after.entries.has(key)) events.push({type: 'DELETED', object: entry.object})
  }

  for (const [key, entry] of after.entries) {
    const known = before?.entries.get(key)
    if (known === undefined) events.push({type: 'ADDED', object: entry.object})
    else if (known.version !== entry.version) events.push({type: 'MODIFIED', object: entry.object})
  }

  return events
}

/**
 * Where the list the client starts from is not known any more: everything that is newer than its version.
 * Resource versions are compared as numbers, which Kubernetes allows since 1.35 and etcd has always given.
 */
export function newerThan(version: string, after: Snapshot): WatchEvent[] {
  const from = Number(version)
  return [...after.entries.values()]
    .filter((entry) => Number(entry.version) > from)
    .map((entry) => ({type: 'ADDED', object: entry.object}))
}

function add(entries: Map<string, Entry>, meta: Meta | undefined, object: unknown): void {
  if (meta === undefined) return
  entries.set(meta.uid ?? `${meta.namespace ?? ''}/${meta.name ?? ''}`, {
    version: meta.resourceVersion ?? '',
    object,
  })
}
