/** What a test sees of a chain, to compare it with itself after a restart. */
import type {DevnetNode, LedgerTransaction, StoredObject} from '../../../../src/lib/devnet/ledger/api.ts'

/** Everything of an object that can be seen from outside. */
function seenObject(object: StoredObject | undefined) {
  if (object === undefined) return undefined
  const {id, version, digest, owner, type, typeName, hasPublicTransfer, contents, previousTransaction} =
    object
  const {storageRebate, bcs, package: code} = object
  const shown = {id, version, digest, owner, type, typeName, hasPublicTransfer, contents, previousTransaction}
  return {...shown, storageRebate, bcs, code}
}

function seenTransaction(transaction: LedgerTransaction) {
  const {digest, sender, bytes, signatures, effectsBytes, effectsDigest, gasUsed, failure} = transaction
  const {events, eventsDigest, balanceChanges, timestampMs, checkpoint, sequence} = transaction
  const {inputObjects, outputObjects} = transaction
  return {
    ...{digest, sender, bytes, signatures, effectsBytes, effectsDigest, gasUsed, failure},
    ...{events, eventsDigest, balanceChanges, timestampMs, checkpoint, sequence},
    inputs: inputObjects.map(seenObject),
    outputs: outputObjects.map(seenObject),
  }
}

/** Everything of a chain that can be seen from outside. */
export function seen(node: DevnetNode) {
  const transactions = node.transactions(0n, node.tip().sequenceNumber)
  const ids = new Set(transactions.flatMap(({outputObjects}) => outputObjects.map(({id}) => id)))
  const objects = [...ids].map((id) => seenObject(node.getObject(id)))
  const owners = new Set(
    objects.flatMap((object) => (object?.owner.kind === 'address' ? [object.owner.address] : [])),
  )
  return {
    chainId: node.chainId,
    epoch: node.epoch(),
    tip: node.tip().digest,
    transactions: transactions.map(seenTransaction),
    objects,
    owned: [...owners].map((owner) => node.objectsOwnedBy(owner).map(({id, version}) => [id, version])),
    children: [...ids].map((id) => node.childrenOf(id).map((child) => child.id)),
  }
}
