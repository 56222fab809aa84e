/** Compiles small Move packages at test time and runs them on the machine, with a host that only remembers. */
import {readdir, readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {dumpMovePackage, initMovePackageBuilder} from '@zktx.io/sui-move-builder'
import {FrameworkFetcher} from '../../../../scripts/move/compile.ts'
import {deserializeModule, moduleIdOf} from '../../../../src/lib/devnet/bytecode/module.ts'
import {
  VmAbort,
  VmError,
  type Cell,
  type MoveType,
  type OwnerTarget,
  type PackageBytecode,
  type Value,
  type Vm,
  type VmHost,
} from '../../../../src/lib/devnet/vm/api.ts'
import {derivedId} from '../../../../src/lib/devnet/vm/natives/objects.ts'
import {createVm} from '../../../../src/lib/devnet/vm/vm.ts'

export const SELF = `0x${'0'.repeat(64)}`

/** Of every test package: no dependencies, so nothing is fetched. */
export const MANIFEST = [
  '[package]\nname = "t"\nedition = "2024"\nimplicit-dependencies = false',
  '[addresses]\nt = "0x0"\nstd = "0x1"\nsui = "0x2"\n',
].join('\n')

/** Compiles sources; addresses: t = 0x0 (the package), std = 0x1, sui = 0x2. Returns serialised modules. */
export async function compileMove(sources: Readonly<Record<string, string>>): Promise<Uint8Array[]> {
  await initMovePackageBuilder()
  const files: Record<string, string> = {
    'Move.toml': MANIFEST,
  }
  for (const [name, text] of Object.entries(sources)) files[`sources/${name}.move`] = text
  const built = await dumpMovePackage({files, silenceWarnings: true, ansiColor: false})
  if ('error' in built) throw new Error(String(built.error))
  return (built.modules as string[]).map((module) => new Uint8Array(Buffer.from(module, 'base64')))
}

/** Compiles modules of the package t against our framework, each by its source; in the order of the sources. */
export async function compileWithFramework(...sources: readonly string[]): Promise<Uint8Array[]> {
  await initMovePackageBuilder()
  const manifest = '[package]\nname = "t"\nedition = "2024"\n[addresses]\nt = "0x0"\n'
  const built = await dumpMovePackage({
    files: {
      'Move.toml': manifest,
      ...Object.fromEntries(sources.map((source, index) => [`sources/m${index}.move`, source])),
    },
    fetcher: new FrameworkFetcher(fileURLToPath(FRAMEWORK)),
    network: 'testnet',
    silenceWarnings: true,
    ansiColor: false,
  })
  if ('error' in built) throw new Error(String(built.error))
  const modules = built.modules.map((module) => new Uint8Array(Buffer.from(module, 'base64')))
  const byName = new Map(
    modules.map((bytes) => {
      const raw = deserializeModule(bytes)
      return [moduleIdOf(raw, raw.self_module_handle_idx).name, bytes]
    }),
  )
  return sources.map((source) => byName.get(/^module t::(\w+);/.exec(source)?.[1] ?? '')!)
}

const FRAMEWORK = new URL('../../../../move/framework/', import.meta.url)

/** The sources of our framework, to be compiled together with a test's own modules. */
export async function frameworkSources(): Promise<Record<string, string>> {
  const sources: Record<string, string> = {}
  for (const part of ['move-stdlib', 'sui-framework']) {
    const folder = new URL(`${part}/sources/`, FRAMEWORK)
    for (const file of await readdir(folder, {recursive: true})) {
      if (file.endsWith('.move'))
        sources[`${part}/${file.slice(0, -5)}`] = await readFile(new URL(file, folder), 'utf8')
    }
  }
  return sources
}

/** Packages by address, as version 1 of themselves. */
export function packagesOf(modules: readonly Uint8Array[]): Map<string, PackageBytecode> {
  const byAddress = new Map<string, Map<string, Uint8Array>>()
  for (const bytes of modules) {
    const raw = deserializeModule(bytes)
    const {address, name} = moduleIdOf(raw, raw.self_module_handle_idx)
    byAddress.set(address, (byAddress.get(address) ?? new Map<string, Uint8Array>()).set(name, bytes))
  }
  return new Map([...byAddress].map(([id, own]) => [id, packageOf(id, own)]))
}

export function packageOf(
  id: string,
  modules: ReadonlyMap<string, Uint8Array>,
  more: Partial<PackageBytecode> = {},
): PackageBytecode {
  return {
    storageId: id,
    originalId: id,
    version: 1n,
    modules,
    linkage: new Map(),
    typeOrigins: new Map(),
    ...more,
  }
}

/** A host that keeps children in a map and writes down what it is told. */
export class TestHost implements VmHost {
  readonly events: {type: MoveType; value: Value}[] = []
  readonly transfers: {type: MoveType; value: Value; target: OwnerTarget}[] = []
  readonly deleted: string[] = []
  readonly children = new Map<string, {type: MoveType; cell: Cell}>()
  readonly tx = {
    sender: `0x${'a'.repeat(64)}`,
    digest: new Uint8Array(32).fill(7),
    epoch: 3n,
    epochTimestampMs: 1000n,
    referenceGasPrice: 1000n,
    gasPrice: 1001n,
    gasBudget: 5_000_000n,
    sponsor: undefined,
  }
  #ids = 0n

  freshId(): string {
    return derivedId(this.tx.digest, this.#ids++)
  }
  idsCreated(): bigint {
    return this.#ids
  }
  recordNewUid(): void {
    this.#ids += 0n
  }
  deleteUid(id: string): void {
    this.deleted.push(id)
  }
  transfer(type: MoveType, value: Value, target: OwnerTarget): void {
    this.transfers.push({type, value, target})
  }
  receive(): Value {
    throw new VmAbort(3n)
  }
  emit(type: MoveType, value: Value): void {
    this.events.push({type, value})
  }
  addChild(parent: string, childId: string, type: MoveType, value: Value): void {
    this.children.set(`${parent}/${childId}`, {type, cell: {value}})
  }
  borrowChild(parent: string, childId: string): Cell {
    return this.#child(parent, childId).cell
  }
  removeChild(parent: string, childId: string): Value {
    const {cell} = this.#child(parent, childId)
    this.children.delete(`${parent}/${childId}`)
    return cell.value
  }
  hasChild(parent: string, childId: string): boolean {
    return this.children.has(`${parent}/${childId}`)
  }
  hasChildWithType(parent: string, childId: string): boolean {
    return this.hasChild(parent, childId)
  }
  #child(parent: string, childId: string): {type: MoveType; cell: Cell} {
    const child = this.children.get(`${parent}/${childId}`)
    if (child === undefined) throw new VmAbort(1n)
    return child
  }
}

export interface Rig {
  readonly vm: Vm
  readonly host: TestHost
  readonly packages: Map<string, PackageBytecode>
  /** Calls t::m::name. */
  run(
    name: string,
    args?: readonly (Value | {cell: Cell})[],
    typeArgs?: readonly MoveType[],
    module?: string,
  ): Value[]
  /** What went wrong: `abort 3`, `ARITHMETIC_ERROR`, …; or `ok`. */
  outcome(name: string, args?: readonly (Value | {cell: Cell})[], typeArgs?: readonly MoveType[]): string
  /** Units charged so far. */
  readonly charged: number
}

/** A machine over the compiled sources. */
export async function rigOf(sources: Readonly<Record<string, string>>): Promise<Rig> {
  const packages = packagesOf(await compileMove(sources))
  const host = new TestHost()
  const vm = createVm({getPackage: (id) => packages.get(id)})
  let charged = 0
  const run: Rig['run'] = (name, args = [], typeArgs = [], module = 'm') =>
    vm.call({
      package: SELF,
      module,
      function: name,
      args,
      typeArgs,
      host,
      meter: {charge: (units) => void (charged += units)},
    })
  return {
    vm,
    host,
    packages,
    run,
    outcome: (name, args, typeArgs) => {
      try {
        run(name, args, typeArgs)
        return 'ok'
      } catch (error) {
        if (error instanceof VmAbort) return `abort ${error.code}`
        if (error instanceof VmError) {
          return error.subStatus === undefined ? error.kind : `${error.kind} ${error.subStatus}`
        }
        throw error
      }
    },
    get charged() {
      return charged
    },
  }
}

/** A vector value. */
export const vec = (...elements: Value[]): Value => ({elements})
/** A struct value. */
export const struct = (...fields: Value[]): Value => ({fields})
