/** Compiles packages of users with the real Move compiler (WASM), against the framework that ships with daas. */
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {daasError} from '../../errors/daas-error.ts'
import {gatherPackage, readPackage} from './gather-package.ts'

/** A compiled package, in the form that `tx.publish` takes. */
export interface CompiledPackage {
  /** Base64. */
  readonly modules: string[]
  /** Ids of the packages it links against. */
  readonly dependencies: string[]
}

type Compiler = typeof import('@zktx.io/sui-move-builder')

/** move/framework lies four folders above this file, in src as in dist. */
const FRAMEWORK = fileURLToPath(new URL('../../../../move/framework/', import.meta.url))
/** Packages that the compiler always asks for, and that nothing here needs. */
const EMPTY_PACKAGES: Readonly<Record<string, string>> = {'sui-system': 'SuiSystem', bridge: 'Bridge'}

/**
 * Compiles the package in a folder: its Move.toml and sources, and with it the local packages it depends on that are
 * not published yet. Nothing is fetched from anywhere: the framework is the one that ships with daas.
 * @throws DaasError MOVE_COMPILER_MISSING, MOVE_BUILD_FAILED
 */
export async function compilePackage(path: string): Promise<CompiledPackage> {
  const compiler = await loadCompiler()
  const files = await gatherPackage(path)
  await compiler.initMovePackageBuilder()
  const result = await compiler.dumpMovePackage({
    files,
    network: 'testnet',
    silenceWarnings: true,
    ansiColor: false,
    fetcher: await frameworkFetcher(compiler),
  })
  if ('error' in result) throw daasError('MOVE_BUILD_FAILED', {path, reason: result.error.trim()})
  return {modules: result.modules, dependencies: result.dependencies}
}

/** The compiler is large and few need it: it is no dependency of daas, and looked for when it is wanted. */
async function loadCompiler(): Promise<Compiler> {
  try {
    return await import('@zktx.io/sui-move-builder')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw daasError('MOVE_COMPILER_MISSING', {}, {cause: error})
  }
}

async function frameworkFetcher({MovePackageFetcher}: Compiler) {
  const packages: Record<string, Record<string, string>> = {}
  for (const name of ['move-stdlib', 'sui-framework']) {
    packages[name] = await readPackage(join(FRAMEWORK, name))
  }
  for (const [folder, name] of Object.entries(EMPTY_PACKAGES)) {
    const manifest = `[package]\nname = "${name}"\nedition = "2024"\nimplicit-dependencies = false\n`
    packages[folder] = {'Move.toml': manifest}
  }
  return new (class extends MovePackageFetcher {
    override fetch(git: string, _revision: string, subdir = ''): Promise<Record<string, string>> {
      const found = packages[subdir.split('/').at(-1) ?? '']
      if (found !== undefined) return Promise.resolve(found)
      return Promise.reject(
        new Error(`daas fetches no packages: get ${git} ${subdir} and name its folder: { local = "…" }`),
      )
    }

    // Only packages that are published come here, with their full path: the others are gathered into the root.
    override fetchLocal = (path: string): Promise<Record<string, string>> => gatherPackage(path)

    override fetchFile(): Promise<string | null> {
      return Promise.resolve(null)
    }

    override getResolvedSha(): string | undefined {
      return undefined
    }
  })()
}
