/** The framework packages 0x1 and 0x2, as genesis stores them. */
import {readFramework} from '../../contracts/package.ts'
import type {PackageBytecode} from '../vm/api.ts'
import {summarizeModule} from './packages.ts'

/**
 * A package that is its own first version.
 * @param id `0x` and 64 hex digits
 * @param modules serialised modules whose self address is the id
 * @param linkage original id to storage id of each dependency
 */
export function firstVersion(
  id: string,
  modules: readonly Uint8Array[],
  linkage: ReadonlyMap<string, string>,
): PackageBytecode {
  const summaries = modules.map((bytes) => ({bytes, ...summarizeModule(bytes)}))
  return {
    storageId: id,
    originalId: id,
    version: 1n,
    modules: new Map(
      summaries.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({name, bytes}) => [name, bytes]),
    ),
    linkage,
    typeOrigins: new Map(
      summaries.flatMap(({name, datatypes}) => datatypes.map((datatype) => [`${name}::${datatype}`, id])),
    ),
  }
}

/** The framework that ships with daas. */
export function shippedFramework(): PackageBytecode[] {
  return readFramework().map(({address, modules, dependencies}) =>
    firstVersion(address, [...modules.values()], new Map(dependencies.map((id) => [id, id]))),
  )
}
