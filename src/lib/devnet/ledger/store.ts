/** The objects of the ledger: every version that was ever written, and who owns the live ones. */
import type {PackageBytecode, PackageStore} from '../vm/api.ts'
import type {ObjectOwner, StoredObject} from './api.ts'

/** How the executor reads objects. */
export interface ObjectReader {
  /** The live version. */
  get(id: string): StoredObject | undefined
}

/** In-memory store of objects with indexes by owner. */
export class ObjectStore implements ObjectReader, PackageStore {
  readonly #live = new Map<string, StoredObject>()
  readonly #versions = new Map<string, Map<bigint, StoredObject>>()
  readonly #owned = new Map<string, Set<string>>()
  readonly #children = new Map<string, Set<string>>()

  get(id: string): StoredObject | undefined {
    return this.#live.get(id)
  }

  /** A version that was once live. */
  getVersion(id: string, version: bigint): StoredObject | undefined {
    return this.#versions.get(id)?.get(version)
  }

  getPackage(storageId: string): PackageBytecode | undefined {
    return this.#live.get(storageId)?.package
  }

  /** Stores a new live version. */
  write(object: StoredObject): void {
    this.#unindex(this.#live.get(object.id))
    this.#live.set(object.id, object)
    let versions = this.#versions.get(object.id)
    if (versions === undefined) {
      versions = new Map()
      this.#versions.set(object.id, versions)
    }
    versions.set(object.version, object)
    const index = this.#indexOf(object.owner)
    if (index === undefined) return
    const ids = index.map.get(index.key)
    if (ids === undefined) index.map.set(index.key, new Set([object.id]))
    else ids.add(object.id)
  }

  /** Ends the life of an object (deleted or wrapped); its versions stay readable. */
  remove(id: string): void {
    this.#unindex(this.#live.get(id))
    this.#live.delete(id)
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

  #indexOf(owner: ObjectOwner): {map: Map<string, Set<string>>; key: string} | undefined {
    if (owner.kind === 'address') return {map: this.#owned, key: owner.address}
    return owner.kind === 'object' ? {map: this.#children, key: owner.parent} : undefined
  }

  #unindex(object: StoredObject | undefined): void {
    const index = object === undefined ? undefined : this.#indexOf(object.owner)
    if (object === undefined || index === undefined) return
    const ids = index.map.get(index.key)
    ids?.delete(object.id)
    if (ids?.size === 0) index.map.delete(index.key)
  }
}
