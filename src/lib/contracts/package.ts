import {readFileSync} from 'node:fs'

/** The compiled package `daas`, in the form that `tx.publish` takes. */
export interface DaasPackage {
  /** Base64, in the order in which they are published. */
  readonly modules: string[]
  /** Ids of the packages it links against. */
  readonly dependencies: string[]
  /** Sui's digest of modules and dependencies, hex. */
  readonly digest: string
}

/** A compiled package of the stand-in framework. */
export interface FrameworkPackage {
  /** `0x` and 64 hex digits. */
  readonly address: string
  /** Module name to bytecode, in an order in which each comes after what it uses. */
  readonly modules: Map<string, Uint8Array>
  /** Ids of the packages it links against. */
  readonly dependencies: string[]
}

interface Description {
  readonly digest: string
  readonly dependencies: readonly string[]
  readonly modules: readonly {readonly name: string; readonly bytes: number}[]
}

interface Manifest {
  readonly compiler: string
  readonly daas: Description
  readonly framework: Readonly<Record<string, Description>>
}

/** move/build lies three folders above this file, in src as in dist. */
const BUILD = new URL('../../../move/build/', import.meta.url)

/**
 * Reads a compiled package; without a folder the one that is shipped with this program.
 * @param build folder as `npm run move:build` makes it, as a URL with a slash at its end
 * @example const {modules, dependencies} = readDaasPackage(); tx.publish({modules, dependencies})
 */
export function readDaasPackage(build: URL = BUILD): DaasPackage {
  const {daas} = readManifest(build)
  return {
    modules: daas.modules.map(({name}) => readBuilt(`daas/${name}.mv`, build).toString('base64')),
    dependencies: [...daas.dependencies],
    digest: daas.digest,
  }
}

/** Sui's digest of the package that is shipped, hex, without reading its modules. */
export function readDaasDigest(): string {
  return readManifest().daas.digest
}

/** Reads the stand-in framework (0x1 and 0x2) that a devnet starts with. */
export function readFramework(): FrameworkPackage[] {
  return Object.entries(readManifest().framework).map(([address, description]) => ({
    address: longAddress(address),
    modules: new Map(
      description.modules.map(({name}) => [
        name,
        new Uint8Array(readBuilt(`framework/${address}/${name}.mv`)),
      ]),
    ),
    dependencies: description.dependencies.map((dependency) => longAddress(dependency)),
  }))
}

function readManifest(build = BUILD): Manifest {
  return JSON.parse(readBuilt('manifest.json', build).toString('utf8')) as Manifest
}

function readBuilt(path: string, build = BUILD): Buffer {
  return readFileSync(new URL(path, build))
}

function longAddress(address: string): string {
  return `0x${address.slice(2).padStart(64, '0')}`
}
