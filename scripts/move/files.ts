import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'

/** Files by their path, relative to some folder, with forward slashes. */
export type FileMap = Map<string, Uint8Array>

/**
 * Reads all files below a folder.
 * @param folder absolute path; may be missing
 * @returns in the order of their paths
 */
export function readFolder(folder: string): FileMap {
  const files: FileMap = new Map()
  if (!existsSync(folder)) return files
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true})
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  for (const path of paths.sort()) files.set(path, new Uint8Array(readFileSync(join(folder, path))))
  return files
}

/** As `readFolder`, with the files as text. */
export function readTexts(folder: string): Record<string, string> {
  const decoder = new TextDecoder()
  return Object.fromEntries([...readFolder(folder)].map(([path, bytes]) => [path, decoder.decode(bytes)]))
}

/** Replaces the contents of a folder by these files. */
export function writeFolder(folder: string, files: FileMap): void {
  rmSync(folder, {recursive: true, force: true})
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), bytes)
  }
}

/** The paths at which two sets of files differ, in order. */
export function differences(left: FileMap, right: FileMap): string[] {
  const paths = new Set([...left.keys(), ...right.keys()])
  return [...paths].filter((path) => !same(left.get(path), right.get(path))).sort()
}

function same(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  return left !== undefined && right !== undefined && Buffer.compare(left, right) === 0
}
