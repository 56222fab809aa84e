import {Transaction} from '@mysten/sui/transactions'
import {executeTransaction, type ExecuteDeps} from '../../sui/execute.ts'
import {compilePackage} from './compile-package.ts'

/** What publishing made. Amounts in MIST. */
export interface PublishResult {
  changed: true
  package: string
  upgradeCap: string
  /** What the package's own `init` functions made, and the UpgradeCap. */
  objects: {id: string; type: string}[]
  modules: number
  digest: string
  gasMist: bigint
}

/**
 * Compiles a package and publishes it; the signer gets its UpgradeCap.
 * @param path folder with Move.toml
 * @throws DaasError MOVE_COMPILER_MISSING, MOVE_BUILD_FAILED, and those of executeTransaction
 */
export async function publishPackage(execute: ExecuteDeps, path: string): Promise<PublishResult> {
  const {modules, dependencies} = await compilePackage(path)
  const tx = new Transaction()
  const cap = tx.publish({modules, dependencies})
  tx.transferObjects([cap], execute.signer.toSuiAddress())
  const {created, digest, gasMist} = await executeTransaction(execute, tx)
  const published = created.find(({type}) => type === 'package')
  const upgradeCap = created.find(({type}) => type.endsWith('::package::UpgradeCap'))
  if (published === undefined || upgradeCap === undefined) {
    throw new Error(`transaction ${digest} published nothing`)
  }
  return {
    changed: true,
    package: published.objectId,
    upgradeCap: upgradeCap.objectId,
    objects: created
      .filter((object) => object !== published)
      .map(({objectId, type}) => ({id: objectId, type})),
    modules: modules.length,
    digest,
    gasMist,
  }
}
