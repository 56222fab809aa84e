import {bcs} from '@mysten/sui/bcs'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Transaction} from '@mysten/sui/transactions'
import {fromBase64, fromHex} from '@mysten/sui/utils'
import {migrateCluster} from '../contracts/administration.ts'
import {listObjects} from '../contracts/objects.ts'
import type {DaasPackage} from '../contracts/package.ts'
import {readCluster} from '../contracts/reads.ts'
import {listVersions, mayUse} from '../contracts/upgrades.ts'
import {daasError} from '../errors/daas-error.ts'
import {withRpcErrors} from '../sui/rpc-errors.ts'
import {administer, sendOrShow, type AdminDeps, type Administered} from './administer.ts'

/** `0x2::package::UpgradeCap`. */
const UpgradeCap = bcs.struct('UpgradeCap', {
  id: bcs.Address,
  package: bcs.Address,
  version: bcs.u64(),
  policy: bcs.u8(),
})

/** What an upgrade of the package came to. */
export interface UpgradeResult extends Administered {
  /** The version before. */
  from: string
  /** The new version; the one before where it was this bytecode already. */
  package?: string
  /** Counts the versions of the package. */
  version: bigint
}

/** What a migration came to. */
export interface MigrateResult extends Administered {
  package: string
  /** `version` of the Cluster, before and after. */
  from: bigint
  to?: bigint
}

/**
 * Publishes other bytecode as the next version of a cluster's package. Clusters go on with the version before until each
 * is migrated. A second run finds the bytecode on chain and changes nothing.
 * @param options.compiled the new version, with modules at the address 0x0
 * @throws UPGRADE_CAP_MISSING when the sender does not hold the package's UpgradeCap, and those of executeTransaction
 */
export async function upgradePackage(
  deps: AdminDeps,
  options: {readonly cluster: string; readonly compiled: DaasPackage; readonly dryRun?: boolean},
): Promise<UpgradeResult> {
  const {client, signer} = deps.execute
  const {modules, dependencies, digest} = options.compiled
  const {cluster, newest, published, cap} = await withRpcErrors(deps.url, async () => {
    const info = await readCluster(client, options.cluster)
    const last = await newestOf(client, info.packageId)
    const [known, owned] = await Promise.all([
      isPublished(client, {original: info.packageId, packageId: last.packageId, modules}),
      findUpgradeCap(client, signer.toSuiAddress(), last.packageId),
    ])
    return {cluster: info, newest: last, published: known, cap: owned}
  })
  const known = {cluster: cluster.id, from: newest.packageId}
  if (published) return {changed: false, ...known, package: newest.packageId, version: newest.version}
  if (!cap) {
    throw daasError('UPGRADE_CAP_MISSING', {address: signer.toSuiAddress(), package: newest.packageId})
  }

  const tx = new Transaction()
  const ticket = tx.moveCall({
    target: '0x2::package::authorize_upgrade',
    arguments: [tx.object(cap.id), tx.pure.u8(cap.policy), tx.pure.vector('u8', fromHex(digest))],
  })
  const receipt = tx.upgrade({modules, dependencies, package: newest.packageId, ticket})
  tx.moveCall({target: '0x2::package::commit_upgrade', arguments: [tx.object(cap.id), receipt]})
  const {done, tx: executed} = await sendOrShow(deps, tx, options)
  const made = executed?.created.find(({type}) => type === 'package')?.objectId
  return {...done, ...known, ...(made !== undefined && {package: made}), version: newest.version + 1n}
}

/**
 * Hands a cluster over to the newest version of its package; the versions before refuse it from then on. A second run
 * changes nothing.
 * @throws CAP_MISSING, and those of executeTransaction
 */
export async function migrate(
  deps: AdminDeps,
  options: {readonly cluster: string; readonly dryRun?: boolean},
): Promise<MigrateResult> {
  const {client} = deps.execute
  const {cluster, packageId, done} = await withRpcErrors(deps.url, async () => {
    const info = await readCluster(client, options.cluster)
    const newest = await newestOf(client, info.packageId)
    const isDone = await mayUse(client, newest.packageId, info.id)
    return {cluster: info, packageId: newest.packageId, done: isDone}
  })
  if (done) return {changed: false, cluster: cluster.id, package: packageId, from: cluster.version}
  const {done: run} = await administer(deps, options, (tx, call) => migrateCluster(tx, {...call, packageId}))
  const known = {...run, package: packageId, from: cluster.version}
  return run.changed ? {...known, to: (await readCluster(client, cluster.id)).version} : known
}

async function newestOf(
  client: SuiGrpcClient,
  packageId: string,
): Promise<{packageId: string; version: bigint}> {
  return (await listVersions(client, packageId)).at(-1) ?? {packageId, version: 1n}
}

async function findUpgradeCap(
  client: SuiGrpcClient,
  owner: string,
  packageId: string,
): Promise<{id: string; policy: number} | undefined> {
  const caps = await listObjects(client, owner, '0x2::package::UpgradeCap')
  return caps.map(({content}) => UpgradeCap.parse(content)).find((cap) => cap.package === packageId)
}

/** Whether a version on chain is these modules. On chain each has the id of the first version where here it has 0x0. */
async function isPublished(
  client: SuiGrpcClient,
  wanted: {readonly original: string; readonly packageId: string; readonly modules: readonly string[]},
): Promise<boolean> {
  const {response} = await client.movePackageService.getPackage({packageId: wanted.packageId})
  const self = Buffer.from(fromHex(wanted.original))
  const onChain = (response.package?.modules ?? []).map(({contents}) =>
    withoutAddress(Buffer.from(contents ?? []), self),
  )
  const here = wanted.modules.map((module) => Buffer.from(fromBase64(module)))
  return onChain.length === here.length && here.every((each) => onChain.some((other) => other.equals(each)))
}

function withoutAddress(code: Buffer, address: Buffer): Buffer {
  for (let at = code.indexOf(address); at >= 0; at = code.indexOf(address, at)) {
    code.fill(0, at, at + address.length)
  }

  return code
}
