/** Load for a devnet: many accounts ("lanes"), each with coins of its own, and signed transactions from them. */
import {createHash} from 'node:crypto'
import {bcs} from '@mysten/sui/bcs'
import {readDaasPackage} from '../../../src/lib/contracts/package.ts'
import {SyncSigner} from '../../../src/lib/devnet/executor/signatures.ts'
import type {DevnetNode, LedgerTransaction, StoredObject} from '../../../src/lib/devnet/ledger/api.ts'

type Kind = Extract<typeof bcs.TransactionData.$inferInput, {V1: unknown}>['V1']['kind']
type Program = Extract<Kind, {ProgrammableTransaction: unknown}>['ProgrammableTransaction']

type Argument = typeof bcs.Argument.$inferInput

/** A transaction that is ready to be sent. */
export interface Signed {
  readonly bytes: Uint8Array
  readonly signature: Uint8Array
}

/** An account, and the coin it pays with. */
export interface Lane {
  readonly signer: SyncSigner
  gas: {readonly id: string; readonly version: bigint; readonly digest: string}
}

/** Keys of so many accounts, the same every time. */
export function signers(count: number): SyncSigner[] {
  return Array.from(
    {length: count},
    (_, index) => new SyncSigner(createHash('sha256').update(`daas bench ${index}`).digest()),
  )
}

/** Lanes over the accounts, each with its first coin. */
export function lanes(node: DevnetNode, keys: readonly SyncSigner[]): Lane[] {
  return keys.map((signer) => ({signer, gas: node.objectsOwnedBy(signer.address)[0]!}))
}

/** Signs a program; the lane pays. */
export function signed({signer, gas}: Lane, program: Program, budget = 1_000_000_000n): Signed {
  const bytes = bcs.TransactionData.serialize({
    V1: {
      kind: {ProgrammableTransaction: program},
      sender: signer.address,
      gasData: {
        payment: [{objectId: gas.id, version: gas.version.toString(), digest: gas.digest}],
        owner: signer.address,
        price: '1000',
        budget: budget.toString(),
      },
      expiration: {None: true},
    },
  }).toBytes()
  return {bytes, signature: signer.sign(bytes)}
}

/** Inputs of programs. */
export const address = (value: string) => ({Pure: {bytes: bcs.Address.serialize(value).toBase64()}})
export const u64 = (value: bigint) => ({Pure: {bytes: bcs.U64.serialize(value).toBase64()}})
export const text = (value: string) => ({Pure: {bytes: bcs.String.serialize(value).toBase64()}})
export const shared = (id: string, version: bigint, mutable = false) => ({
  Object: {SharedObject: {objectId: id, initialSharedVersion: version.toString(), mutable}},
})
export const clock = shared('0x6', 1n)

/** Splits coins off the gas coin and gives them to somebody. */
export function transfer(lane: Lane, recipient: string, count = 1): Signed {
  const results = Array.from({length: count}, (_, index) => ({NestedResult: [0, index] as [number, number]}))
  return signed(lane, {
    inputs: [u64(1_000n), address(recipient)],
    commands: [
      {SplitCoins: {coin: {GasCoin: true}, amounts: results.map(() => ({Input: 0}))}},
      {TransferObjects: {objects: results, address: {Input: 1}}},
    ],
  })
}

/** The contracts and a cluster on a devnet. */
export interface Contracts {
  readonly packageId: string
  readonly cluster: {readonly id: string; readonly version: bigint}
  /** Of the lane that published. */
  readonly adminCap: StoredObject
}

/** Publishes the contracts and makes a cluster that takes the smallest stakes. */
export async function publishContracts(node: DevnetNode, lane: Lane): Promise<Contracts> {
  const {modules, dependencies} = readDaasPackage()
  const published = await run(node, lane, {
    inputs: [address(lane.signer.address)],
    commands: [
      {Publish: {modules, dependencies}},
      {TransferObjects: {objects: [{Result: 0}], address: {Input: 0}}},
    ],
  })
  const packageId = published.outputObjects.find((object) => object.package !== undefined)!.id
  const made = await run(node, lane, {
    inputs: [text('bench'), text('v1.34.1+k3s1'), clock, address(lane.signer.address)],
    commands: [
      moveCall(packageId, 'cluster', 'create', [{Input: 0}, {Input: 1}, {Input: 2}]),
      {TransferObjects: {objects: [{Result: 0}], address: {Input: 3}}},
    ],
  })
  const find = (suffix: string): StoredObject =>
    made.outputObjects.find((object) => object.typeName?.endsWith(suffix) === true)!
  return {packageId, cluster: find('::cluster::Cluster'), adminCap: find('::cluster::AdminCap')}
}

/** A call of a function without type arguments. */
export function moveCall(packageId: string, module: string, name: string, args: Argument[]) {
  return {
    MoveCall: {package: packageId, module, function: name, typeArguments: [], arguments: args},
  }
}

/** A stake for a node: splits the coin, stakes and shares. */
export function stake(lane: Lane, {packageId, cluster}: Contracts, nodeName: string): Signed {
  const call = (name: string, args: Argument[]) => moveCall(packageId, 'staking', name, args)
  return signed(lane, {
    inputs: [u64(1_000_000_000n), shared(cluster.id, cluster.version), text(nodeName), clock],
    commands: [
      {SplitCoins: {coin: {GasCoin: true}, amounts: [{Input: 0}]}},
      call('stake_for_node', [{Input: 1}, {NestedResult: [0, 0]}, {Input: 2}, {Input: 3}]),
      call('share_stake', [{Result: 1}]),
    ],
  })
}

/** Signs, executes and settles. */
export async function run(node: DevnetNode, lane: Lane, program: Program): Promise<LedgerTransaction> {
  const {bytes, signature} = signed(lane, program)
  return settle(lane, await node.execute(bytes, [signature]))
}

/** Takes the gas coin as a transaction left it; throws when the transaction failed. */
export function settle(lane: Lane, done: LedgerTransaction): LedgerTransaction {
  if (done.failure !== undefined) throw new Error(done.failure.description)
  lane.gas = done.outputObjects.find((object: StoredObject) => object.id === lane.gas.id)!
  return done
}
