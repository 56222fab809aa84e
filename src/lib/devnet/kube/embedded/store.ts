import {type ResourceType} from './resources.ts'
import {type KubeObject} from './types.ts'

/** A change of one object. */
export interface StoreEvent {
  readonly type: ResourceType
  /** The version of the store after the change. */
  readonly version: number
  readonly change: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: KubeObject
  /** The object before the change. */
  readonly previous: KubeObject | undefined
}

/** How many changes are kept for watches that start in the past. */
const HISTORY = 10_000

/**
 * The objects of an embedded cluster, in memory, with a version that grows with each change.
 * Stored objects are never changed in place: whoever reads one must copy before writing.
 */
export class ObjectStore {
  #version = 1
  readonly #objects = new Map<ResourceType, Map<string, KubeObject>>()
  readonly #history: StoreEvent[] = []
  readonly #listeners = new Set<(event: StoreEvent) => void>()
  #forgotten = 0

  /** The version after the last change. */
  get version(): number {
    return this.#version
  }

  get(type: ResourceType, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(type)?.get(key(namespace, name))
  }

  /** All objects of a resource, in one namespace or, with '', in all, in the order of their names. */
  list(type: ResourceType, namespace = ''): KubeObject[] {
    const all = [...(this.#objects.get(type)?.entries() ?? [])]
    const prefix = `${namespace}/`
    return all
      .filter(([id]) => namespace === '' || id.startsWith(prefix))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, object]) => object)
  }

  /** Every object of every resource. */
  *everything(): Generator<{type: ResourceType; object: KubeObject}> {
    for (const [type, objects] of this.#objects) {
      for (const object of [...objects.values()]) yield {type, object}
    }
  }

  /**
   * Writes an object and gives it the next version.
   * @returns the object as stored
   */
  put(type: ResourceType, object: KubeObject): KubeObject {
    const namespace = object.metadata.namespace ?? ''
    const objects = this.#objects.get(type) ?? new Map<string, KubeObject>()
    this.#objects.set(type, objects)
    const previous = objects.get(key(namespace, object.metadata.name))
    const version = ++this.#version
    const stored = {...object, metadata: {...object.metadata, resourceVersion: String(version)}}
    objects.set(key(namespace, object.metadata.name), stored)
    this.#publish({type, version, change: previous ? 'MODIFIED' : 'ADDED', object: stored, previous})
    return stored
  }

  /**
   * Removes an object.
   * @returns its last state, or undefined where it was not there
   */
  remove(type: ResourceType, namespace: string, name: string): KubeObject | undefined {
    const objects = this.#objects.get(type)
    const previous = objects?.get(key(namespace, name))
    if (objects === undefined || previous === undefined) return undefined
    objects.delete(key(namespace, name))
    const version = ++this.#version
    const last = {...previous, metadata: {...previous.metadata, resourceVersion: String(version)}}
    this.#publish({type, version, change: 'DELETED', object: last, previous})
    return last
  }

  /** The changes after a version, or undefined where some of them are forgotten. */
  since(version: number): StoreEvent[] | undefined {
    if (version < this.#forgotten) return undefined
    return this.#history.filter((event) => event.version > version)
  }

  /**
   * Calls back after each change, synchronously.
   * @returns ends it
   */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  #publish(event: StoreEvent): void {
    this.#history.push(event)
    if (this.#history.length > HISTORY) this.#forgotten = this.#history.shift()!.version
    for (const listener of [...this.#listeners]) listener(event)
  }
}

function key(namespace: string, name: string): string {
  return `${namespace}/${name}`
}
