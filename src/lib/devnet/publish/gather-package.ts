/** Gathers what is compiled: a package, and the local packages it depends on that are on no chain yet. */
import {readdir, readFile} from 'node:fs/promises'
import {basename, join, relative, resolve} from 'node:path'
import {daasError} from '../../errors/daas-error.ts'
import {readManifest, writeManifest, type Dependency, type Manifest} from './manifest.ts'

/** Folders of the packages that every build has; those that ship with daas stand in for them. */
const FRAMEWORK_FOLDERS = new Set(['move-stdlib', 'sui-framework', 'sui-system', 'bridge'])

/** Texts of a package by their paths in it. */
export type PackageFiles = Record<string, string>

/** Move.toml and sources of a folder by their paths in it. */
export async function readPackage(folder: string): Promise<PackageFiles> {
  const files: PackageFiles = {}
  const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(
    (error: NodeJS.ErrnoException) => {
      throw daasError('MOVE_BUILD_FAILED', {path: folder, reason: error.message}, {cause: error})
    },
  )
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name)
    const path = relative(folder, file).replaceAll('\\', '/')
    const wanted = path === 'Move.toml' || (path.startsWith('sources/') && path.endsWith('.move'))
    if (entry.isFile() && wanted) files[path] = await readFile(file, 'utf8')
  }
  return files
}

function isFramework({subdir}: Dependency): boolean {
  return subdir !== undefined && FRAMEWORK_FOLDERS.has(basename(subdir))
}

/** The folder of a dependency that lies on this machine; undefined for others and for the framework. */
function localFolder(from: string, dependency: Dependency): string | undefined {
  if (dependency.local === undefined) return undefined
  const folder = resolve(from, dependency.local)
  return FRAMEWORK_FOLDERS.has(basename(folder)) ? undefined : folder
}

function manifestOf(folder: string, files: PackageFiles): Manifest {
  const text = files['Move.toml']
  if (text === undefined) throw daasError('MOVE_BUILD_FAILED', {path: folder, reason: 'it has no Move.toml'})
  const manifest = readManifest(text)
  // A package without the table of addresses goes by its name.
  if (manifest.addresses.size > 0) return manifest
  return {...manifest, addresses: new Map([[manifest.name, '0x0']])}
}

/**
 * The package in a folder with what is published with it. Its dependencies on the framework are left out, as the
 * compiler brings them; local ones that are published keep their place, with the full path; all others stay as they are.
 * @throws DaasError MOVE_BUILD_FAILED
 */
export async function gatherPackage(folder: string): Promise<PackageFiles> {
  const own = await readPackage(folder)
  const root = manifestOf(folder, own)
  const files: PackageFiles = {...own}
  const kept = new Map<string, Dependency>()
  const addresses = new Map(root.addresses)
  const seen = new Set([folder])

  async function visit(from: string, {dependencies}: Manifest): Promise<void> {
    for (const dependency of dependencies) {
      const place = localFolder(from, dependency)
      if (place === undefined) {
        if (dependency.local === undefined && !isFramework(dependency)) kept.set(dependency.name, dependency)
        continue
      }
      if (seen.has(place)) continue
      seen.add(place)
      const found = await readPackage(place)
      const manifest = manifestOf(place, found)
      if (manifest.publishedAt !== undefined) {
        kept.set(dependency.name, {...dependency, text: `{ local = ${JSON.stringify(place)} }`})
        continue
      }
      for (const [path, text] of Object.entries(found)) {
        if (path !== 'Move.toml') files[`sources/${dependency.name}/${path.slice('sources/'.length)}`] = text
      }
      for (const [name, address] of manifest.addresses) {
        if (!addresses.has(name)) addresses.set(name, address)
      }
      await visit(place, manifest)
    }
  }
  await visit(folder, root)
  files['Move.toml'] = writeManifest({...root, dependencies: [...kept.values()], addresses})
  return files
}
