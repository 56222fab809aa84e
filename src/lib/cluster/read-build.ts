import {fileURLToPath} from 'node:url'
import {readDaasPackage, type DaasPackage} from '../contracts/package.ts'
import {daasError} from '../errors/daas-error.ts'

/**
 * Reads a compiled package that a user names; without a folder the one that ships with daas.
 * @throws BUILD_UNREADABLE
 */
export function readBuild(folder: URL | undefined): DaasPackage {
  if (folder === undefined) return readDaasPackage()
  try {
    return readDaasPackage(folder)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw daasError('BUILD_UNREADABLE', {dir: fileURLToPath(folder), reason}, {cause: error})
  }
}
