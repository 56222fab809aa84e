/** The objects of the ledger: every version that was ever written, and who owns the live ones. */
import type {PackageBytecode, PackageStore} from '../vm/api.ts'
import type {StoredObject} from './api.ts'

/** How the executor reads objects. */
export interface ObjectReader {
  /** The live version. */
  get(id: string): StoredObject | undefined
  /** How a shared object of this epoch ended; undefined for any other. */
  endedStream(id: string): EndedStream | undefined
}

/** The end of a shared object. Who still wants to change it goes on with its versions (sui-core's markers). */
export interface EndedStream {
  readonly initialSharedVersion: bigint
  /** The version that the next one to want it is given. */
  readonly version: bigint
  /** Digest of the transaction that ended it, or was the last that wanted to change it since. */
  readonly digest: string
}

/** In-memory store of objects with indexes by owner, by type and by package. */
export class ObjectStore implements ObjectReader, PackageStore {
  readonly #live = new Map<string, StoredObject>()
  /** What was live once and is no more. */
  readonly #past = new Map<string, StoredObject[]>()
  readonly #byType = new Map<string, Set<string>>()
  readonly #packages = new Map<string, StoredObject[]>()
  readonly #owned = new Map<string, Set<string>>()
  readonly #children = new Map<string, Set<string>>()
  readonly #ended = new Map<string, EndedStream>()

  get(id: string): StoredObject | undefined {
    return this.#live.get(id)
  }

  /** A version that was once live. */
  getVersion(id: string, version: bigint): StoredObject | undefined {
    const live = this.#live.get(id)
    if (live?.version === version) return live
    return findVersion(this.#past.get(id) ?? [], version)
  }

  getPackage(storageId: string): PackageBytecode | undefined {
    return this.#live.get(storageId)?.package
  }

  /** Live objects of a type (its text in full) of which there may be one for each type argument, ordered by id. */
  ofType(typeName: string): StoredObject[] {
    return this.#list(this.#byType.get(typeName))
  }

  /** Every version of the package that was first published as `originalId`, the oldest first. */
  packageVersions(originalId: string): readonly StoredObject[] {
    return this.#packages.get(originalId) ?? []
  }

  /** How many objects are live. */
  get size(): number {
    return this.#live.size
  }

  /** Stores a new live version. */
  write(object: StoredObject): void {
    this.#retire(object.id)
    this.#live.set(object.id, object)
    if (object.package !== undefined) {
      const {originalId} = object.package
      this.#packages.set(originalId, [...this.packageVersions(originalId), object])
    }
    for (const {map, key} of indexesOf(object, this.#owned, this.#children, this.#byType)) {
      const ids = map.get(key)
      if (ids === undefined) map.set(key, new Set([object.id]))
      else ids.add(object.id)
    }
  }

  /** Ends the life of an object (deleted or wrapped); its versions stay readable. */
  remove(id: string): void {
    this.#retire(id)
    this.#live.delete(id)
  }

  endedStream(id: string): EndedStream | undefined {
    return this.#ended.get(id)
  }

  /** Every shared object that ended in this epoch, with how. */
  endedStreams(): IterableIterator<[string, EndedStream]> {
    return this.#ended.entries()
  }

  /** Keeps how a shared object ended, until the epoch does. */
  endStream(id: string, ended: EndedStream): void {
    this.#ended.set(id, ended)
  }

  /** Forgets what ended in an epoch that is over, as nodes of Sui do. */
  forgetEnded(): void {
    this.#ended.clear()
  }

  /** Live objects owned by an address, ordered by id. */
  ownedBy(address: string): StoredObject[] {
    return this.#list(this.#owned.get(address))
  }

  /** Live objects owned by an object, ordered by id. */
  childrenOf(parent: string): StoredObject[] {
    return this.#list(this.#children.get(parent))
  }

  #list(ids: Set<string> | undefined): StoredObject[] {
    if (ids === undefined) return []
    return [...ids].sort().flatMap((id) => this.#live.get(id) ?? [])
  }

  #retire(id: string): void {
    const object = this.#live.get(id)
    if (object === undefined) return
    const past = this.#past.get(id)
    if (past === undefined) this.#past.set(id, [object])
    else past.push(object)
    for (const {map, key} of indexesOf(object, this.#owned, this.#children, this.#byType)) {
      const ids = map.get(key)
      ids?.delete(object.id)
      if (ids?.size === 0) map.delete(key)
    }
  }
}

/** Binary search: versions grow, and the Clock has very many. */
function findVersion(versions: readonly StoredObject[], version: bigint): StoredObject | undefined {
  let low = 0
  let high = versions.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = versions[middle]!
    if (found.version === version) return found
    if (found.version < version) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

type Index = Map<string, Set<string>>

/** Types that are looked for by name: what is known of a coin lies in them. */
const INDEXED = new Set(['CoinMetadata', 'TreasuryCap', 'RegulatedCoinMetadata'])

/** The indexes that an object is in. */
function indexesOf(
  {owner, type, typeName}: StoredObject,
  owned: Index,
  children: Index,
  byType: Index,
): {map: Index; key: string}[] {
  const indexes: {map: Index; key: string}[] = []
  if (owner.kind === 'address') indexes.push({map: owned, key: owner.address})
  if (owner.kind === 'object') indexes.push({map: children, key: owner.parent})
  if (
    type?.kind === 'datatype' &&
    type.module === 'coin' &&
    INDEXED.has(type.name) &&
    typeName !== undefined
  ) {
    indexes.push({map: byType, key: typeName})
  }
  return indexes
}
