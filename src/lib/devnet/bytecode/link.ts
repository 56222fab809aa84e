/**
 * Linking: which package version a module handle means. As on Sui the package that a transaction calls decides for
 * everything it reaches, by its linkage table; so modules are linked once per such root package.
 */
import {VmError, type PackageBytecode, type PackageStore} from '../vm/api.ts'
import {LinkedModule} from './linked-module.ts'
import {deserializeModule, type RawModule} from './module.ts'

/** Finds packages, reads their modules once, and keeps one context per root package. */
export class Linker {
  readonly #store: PackageStore
  readonly #raw = new WeakMap<Uint8Array, RawModule>()
  readonly #contexts = new Map<string, LinkContext>()

  constructor(store: PackageStore) {
    this.#store = store
  }

  /** The package stored under an id. Throws VmError MODULE_NOT_FOUND. */
  package(storageId: string): PackageBytecode {
    const found = this.#store.getPackage(storageId)
    if (found === undefined) throw new VmError('MODULE_NOT_FOUND', `no package ${storageId}`)
    return found
  }

  /** The module of a package, or undefined. */
  raw(pkg: PackageBytecode, name: string): RawModule | undefined {
    const bytes = pkg.modules.get(name)
    if (bytes === undefined) return undefined
    let raw = this.#raw.get(bytes)
    if (raw === undefined) {
      raw = deserializeModule(bytes)
      this.#raw.set(bytes, raw)
    }
    return raw
  }

  /** What the linkage of this package means. Made anew when the store answers with another package. */
  context(storageId: string): LinkContext {
    const root = this.package(storageId)
    let context = this.#contexts.get(storageId)
    if (context === undefined || context.root.modules !== root.modules) {
      context = new LinkContext(this, root)
      this.#contexts.set(storageId, context)
    }
    return context
  }
}

/** All modules as a root package's linkage sees them. */
export class LinkContext {
  readonly root: PackageBytecode
  readonly #linker: Linker
  readonly #packages = new Map<string, PackageBytecode>()
  readonly #modules = new Map<string, LinkedModule>()

  constructor(linker: Linker, root: PackageBytecode) {
    this.#linker = linker
    this.root = root
  }

  /** The version of a package that an original id means here. Throws VmError MODULE_NOT_FOUND. */
  resolve(originalId: string): PackageBytecode {
    let pkg = this.#packages.get(originalId)
    if (pkg === undefined) {
      pkg =
        originalId === this.root.originalId
          ? this.root
          : this.#linker.package(this.root.linkage.get(originalId) ?? originalId)
      this.#packages.set(originalId, pkg)
    }
    return pkg
  }

  /** The module of an original id and a name. Throws VmError MODULE_NOT_FOUND. */
  module(originalId: string, name: string): LinkedModule {
    const key = `${originalId}::${name}`
    let module = this.#modules.get(key)
    if (module === undefined) {
      const pkg = this.resolve(originalId)
      const raw = this.#linker.raw(pkg, name)
      if (raw === undefined) throw new VmError('MODULE_NOT_FOUND', `no module ${pkg.storageId}::${name}`)
      module = new LinkedModule(this, pkg, raw)
      this.#modules.set(key, module)
    }
    return module
  }

  /** The module that defined a datatype first goes by the address of that version. */
  definingId(originalId: string, module: string, name: string): string {
    const pkg = this.resolve(originalId)
    return pkg.typeOrigins.get(`${module}::${name}`) ?? pkg.storageId
  }
}
