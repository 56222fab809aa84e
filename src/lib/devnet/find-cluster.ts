import type {CreateClusterResult} from '../cluster/create-cluster.ts'
import {readDaasPackage} from '../contracts/package.ts'
import {withSelfAddress} from './executor/module-address.ts'
import type {DevnetNode, StoredObject} from './ledger/api.ts'

/**
 * The cluster that a devnet which goes on with an older chain already has, if the contracts it runs on are those of
 * this daas: the one whose capabilities admin and listener hold.
 * @param admin address of who made it
 * @param listener address of who runs its listener
 */
export function findCluster(
  node: DevnetNode,
  admin: string,
  listener: string,
): CreateClusterResult | undefined {
  for (const cap of node.objectsOwnedBy(admin)) {
    const {type} = cap
    if (type?.kind !== 'datatype' || type.module !== 'cluster' || type.name !== 'AdminCap') continue
    const id = clusterOf(node, cap)
    const listenerCap = node
      .objectsOwnedBy(listener)
      .find(
        (object) =>
          object.typeName === `${type.address}::cluster::ListenerCap` && clusterOf(node, object) === id,
      )
    const cluster = node.getObject(id)
    if (listenerCap === undefined || cluster === undefined || !isShipped(node, type.address)) continue
    return {
      changed: true,
      cluster: id,
      name: (fieldsOf(node, cluster) as {name: string}).name,
      package: type.address,
      adminCap: cap.id,
      listenerCap: listenerCap.id,
      listener,
      digests: [],
      gasMist: 0n,
    }
  }
  return undefined
}

function fieldsOf({vm}: DevnetNode, {type, contents}: StoredObject): unknown {
  return type === undefined ? {} : vm.toJson(type, vm.deserialize(type, contents))
}

function clusterOf(node: DevnetNode, capability: StoredObject): string {
  return (fieldsOf(node, capability) as {cluster: string}).cluster
}

/** Is this package, as it was published, the one that ships with this daas? */
function isShipped(node: DevnetNode, packageId: string): boolean {
  const published = [...(node.getObject(packageId)?.package?.modules.values() ?? [])]
  const {modules} = readDaasPackage()
  return (
    published.length === modules.length &&
    modules.every((module) => {
      const wanted = withSelfAddress(Buffer.from(module, 'base64'), packageId)
      return published.some((bytes) => Buffer.compare(bytes, wanted) === 0)
    })
  )
}
