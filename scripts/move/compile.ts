import {
  dumpMovePackage,
  getPinnedSuiMoveVersion,
  initMovePackageBuilder,
  MovePackageFetcher,
} from '@zktx.io/sui-move-builder'
import * as template from '@mysten/move-bytecode-template'
import {createHash} from 'node:crypto'
import {join} from 'node:path'
import {readTexts, type FileMap} from './files.ts'

/** A compiled package. */
export interface Compiled {
  /** Module name to bytecode, in the order in which they are published. */
  readonly modules: Map<string, Uint8Array>
  /** Ids of the packages it links against. */
  readonly dependencies: readonly string[]
  /** Sui's digest of modules and dependencies, hex. */
  readonly digest: string
}

/** Serves move/framework in place of the repository that the compiler asks for; nothing is fetched from anywhere. */
export class FrameworkFetcher extends MovePackageFetcher {
  readonly #framework: string
  constructor(framework: string) {
    super()
    this.#framework = framework
  }

  override fetch(_git: string, _revision: string, subdir = ''): Promise<Record<string, string>> {
    const name = subdir.split('/').at(-1) ?? ''
    if (name === 'move-stdlib' || name === 'sui-framework') {
      return Promise.resolve(readTexts(join(this.#framework, name)))
    }
    const manifest = `[package]\nname = "${name === 'sui-system' ? 'SuiSystem' : 'Bridge'}"\nedition = "2024"\nimplicit-dependencies = false\n`
    return Promise.resolve({'Move.toml': manifest})
  }

  override fetchFile(): Promise<string | null> {
    return Promise.resolve(null)
  }

  override getResolvedSha(): string | undefined {
    return undefined
  }
}

/** The version of Move in the compiler. */
export async function compilerVersion(): Promise<string> {
  return getPinnedSuiMoveVersion()
}

/**
 * Compiles the stand-in framework: both packages as one unit, at 0x1 and 0x2. (Built as root packages they would get
 * the address 0x0, and 0x2 would then fail the check that `UID` is 0x2's.)
 * @param framework absolute path of move/framework
 * @returns the packages by address
 */
export async function compileFramework(framework: string): Promise<Map<string, Compiled>> {
  const manifest =
    '[package]\nname = "Framework"\nedition = "2024"\nimplicit-dependencies = false\n' +
    '[addresses]\nframework = "0x0"\nstd = "0x1"\nsui = "0x2"\n'
  const files: Record<string, string> = {'Move.toml': manifest}
  for (const name of ['move-stdlib', 'sui-framework']) {
    for (const [path, text] of Object.entries(readTexts(join(framework, name)))) {
      if (path.startsWith('sources/')) files[`sources/${name}/${path.slice('sources/'.length)}`] = text
    }
  }
  const {modules} = await compile(files, undefined)
  const packages = new Map<string, Compiled>()
  for (const [address, dependencies] of [
    ['0x1', []],
    ['0x2', ['0x1']],
  ] as const) {
    const own = modules.filter((module) => BigInt(module.address) === BigInt(address))
    const inOrder = new Map(own.map((module) => [module.name, module.bytes]))
    packages.set(address, {modules: inOrder, dependencies, digest: digestOf(inOrder)})
  }
  return packages
}

/**
 * Compiles a package against the stand-in framework.
 * @param folder absolute path of the package
 * @param framework absolute path of move/framework
 */
export async function compilePackage(folder: string, framework: string): Promise<Compiled> {
  const files = Object.fromEntries(
    Object.entries(readTexts(folder)).filter(([path]) => path === 'Move.toml' || path.startsWith('sources/')),
  )
  const {modules, dependencies, digest} = await compile(files, new FrameworkFetcher(framework))
  return {modules: new Map(modules.map((module) => [module.name, module.bytes])), dependencies, digest}
}

/** Bytecode as files: `<module>.mv`. */
export function bytecodeFiles(prefix: string, compiled: Compiled): FileMap {
  return new Map([...compiled.modules].map(([name, bytes]) => [`${prefix}/${name}.mv`, bytes]))
}

async function compile(files: Record<string, string>, fetcher: MovePackageFetcher | undefined) {
  await initMovePackageBuilder()
  const result = await dumpMovePackage({
    files,
    network: 'testnet',
    silenceWarnings: true,
    ansiColor: false,
    ...(fetcher === undefined ? {} : {fetcher}),
  })
  if ('error' in result) throw new Error(`${result.category ?? 'compile'}: ${result.error}`)
  return {
    modules: result.modules.map(decode),
    dependencies: result.dependencies,
    digest: Buffer.from(result.digest).toString('hex'),
  }
}

function decode(base64: string): {address: string; name: string; bytes: Uint8Array} {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  const module = template.deserialize(bytes)
  const self = module.module_handles[module.self_module_handle_idx]
  return {address: `0x${module.address_identifiers[self.address]}`, name: module.identifiers[self.name], bytes}
}

function digestOf(modules: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha256')
  for (const [name, bytes] of [...modules].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(name).update(bytes)
  return hash.digest('hex')
}
