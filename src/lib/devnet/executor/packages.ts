/** Packages: those of the ledger, and those that the transaction at work has just made. */
import {deserializeModule, entry, moduleIdOf} from '../bytecode/module.ts'
import type {ObjectReader} from '../ledger/store.ts'
import type {PackageBytecode, PackageStore} from '../vm/api.ts'

/** What the executor must know of a module. */
export interface ModuleSummary {
  readonly address: string
  readonly name: string
  /** Names of the structs and enums it defines, in their order. */
  readonly datatypes: readonly string[]
  /** Addresses of the other packages it uses. */
  readonly dependencies: readonly string[]
}

/** Reads a serialised module. Throws VmError MALFORMED_VALUE. */
export function summarizeModule(bytes: Uint8Array): ModuleSummary {
  const raw = deserializeModule(bytes)
  const self = moduleIdOf(raw, raw.self_module_handle_idx)
  const nameOf = (handle: number): string => {
    const {name} = entry(raw.datatype_handles, handle)
    return entry(raw.identifiers, name)
  }
  const dependencies = raw.module_handles.map((_, index) => moduleIdOf(raw, index).address)
  return {
    ...self,
    datatypes: [
      ...raw.struct_defs.map((definition) => nameOf(definition.struct_handle)),
      ...raw.enum_defs.map((definition) => nameOf(definition.enum_handle)),
    ],
    dependencies: [...new Set(dependencies)].filter((address) => address !== self.address),
  }
}

/** Package store that also knows the packages of the transaction at work; they vanish with `clear`. */
export class PackageStage implements PackageStore {
  readonly #reader: ObjectReader
  readonly staged = new Map<string, PackageBytecode>()

  constructor(reader: ObjectReader) {
    this.#reader = reader
  }

  getPackage(storageId: string): PackageBytecode | undefined {
    return this.staged.get(storageId) ?? this.#reader.get(storageId)?.package
  }

  /** Makes a new package visible to the VM. */
  stage(code: PackageBytecode): void {
    this.staged.set(code.storageId, code)
  }

  /** Forgets what was staged. */
  clear(): void {
    this.staged.clear()
  }
}
