/** The framework packages 0x1 and 0x2, as genesis stores them. */
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {SUI_FRAMEWORK} from '../ledger/object.ts'
import type {PackageBytecode} from '../vm/api.ts'
import {summarizeModule} from './packages.ts'
import {MOVE_STDLIB} from './values.ts'

const DIRECTORY = path.join(import.meta.dirname, '../../../../move/build/framework')

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

async function readModules(directory: string): Promise<Uint8Array[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.mv')).sort()
  return Promise.all(names.map((name) => readFile(path.join(directory, name))))
}

/** Reads the framework that ships with daas. */
export async function readFramework(directory = DIRECTORY): Promise<PackageBytecode[]> {
  const [stdlib, sui] = await Promise.all(
    ['0x1', '0x2'].map((name) => readModules(path.join(directory, name))),
  )
  return [
    firstVersion(MOVE_STDLIB, stdlib ?? [], new Map()),
    firstVersion(SUI_FRAMEWORK, sui ?? [], new Map([[MOVE_STDLIB, MOVE_STDLIB]])),
  ]
}
