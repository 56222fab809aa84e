/** A devnet with an account, a short way to send transactions, and the test kit published on demand. */
import {fromBase64} from '@mysten/bcs'
import {bcs} from '@mysten/sui/bcs'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Transaction} from '@mysten/sui/transactions'
import {join} from 'node:path'
import {compilePackage, type Compiled} from '../../../../scripts/move/compile.ts'
import {createNode} from '../../../../src/lib/devnet/executor/node.ts'
import type {
  DevnetNode,
  LedgerTransaction,
  NodeOptions,
  Simulation,
  StoredObject,
} from '../../../../src/lib/devnet/ledger/api.ts'

export const CLOCK = {objectId: '0x6', initialSharedVersion: 1, mutable: false}
export const SUI_COIN = `0x${'2'.padStart(64, '0')}::coin::Coin<0x${'2'.padStart(64, '0')}::sui::SUI>`
export const START_BALANCE = 100_000_000_000n

export interface Rig {
  readonly node: DevnetNode
  readonly keypair: Ed25519Keypair
  readonly address: string
  /** Reference of a live object. */
  ref(id: string): {objectId: string; version: string; digest: string}
  /** Coins of the account, the largest first. */
  coins(address?: string): StoredObject[]
  /** Fills in sender, gas and budget, and gives the bytes. */
  build(tx: Transaction, options?: {budget?: bigint; gas?: readonly StoredObject[]}): Promise<Uint8Array>
  sign(bytes: Uint8Array): Promise<Uint8Array>
  send(
    tx: Transaction,
    options?: {budget?: bigint; gas?: readonly StoredObject[]},
  ): Promise<LedgerTransaction>
  simulate(tx: Transaction, checks?: boolean): Promise<Simulation>
  /** Publishes the test kit; gives the id of the package and of the shared Store. */
  publishKit(): Promise<{kit: string; store: string; cap: string; published: LedgerTransaction}>
}

let compiledKit: Promise<Compiled> | undefined

/** The compiled test kit: compiled once per process, as the compiler takes a second. */
export function compileKit(): Promise<Compiled> {
  const framework = join(import.meta.dirname, '../../../../move/framework')
  compiledKit ??= compilePackage(join(import.meta.dirname, 'kit'), framework)
  return compiledKit
}

/** The balance in a coin. */
export function balanceIn(coin: StoredObject | undefined): bigint {
  return coin === undefined
    ? 0n
    : new DataView(coin.contents.buffer, coin.contents.byteOffset).getBigUint64(32, true)
}

/** The id of the object of a type (its last part) that a transaction wrote. */
export function written(transaction: LedgerTransaction, typeEnd: string): StoredObject {
  const found = transaction.outputObjects.find((object) => object.typeName?.endsWith(typeEnd))
  if (found === undefined) throw new Error(`no ${typeEnd} was written: ${transaction.failure?.description}`)
  return found
}

/** Starts a devnet that seals checkpoints only when told (every hour), unless the options say otherwise. */
export async function createRig(options: NodeOptions = {}): Promise<Rig> {
  const keypair = new Ed25519Keypair()
  const address = keypair.toSuiAddress()
  const node = await createNode({
    checkpointIntervalMs: 3_600_000,
    genesisAccounts: [{address, balance: START_BALANCE}],
    ...options,
  })
  const coins = (owner = address): StoredObject[] =>
    node
      .objectsOwnedBy(owner)
      .filter((object) => object.typeName === SUI_COIN)
      .sort((a, b) => Number(balanceIn(b) - balanceIn(a)))
  const ref = (id: string) => {
    const object = node.getObject(id)
    if (object === undefined) throw new Error(`no object ${id}`)
    return {objectId: id, version: object.version.toString(), digest: object.digest}
  }
  const build: Rig['build'] = (tx, {budget = 2_000_000_000n, gas = coins().slice(0, 1)} = {}) => {
    tx.setSenderIfNotSet(address)
    tx.setGasPrice(1_000)
    tx.setGasBudget(budget)
    tx.setGasPayment(gas.map((coin) => ref(coin.id)))
    return tx.build()
  }
  const sign = async (bytes: Uint8Array) => fromBase64((await keypair.signTransaction(bytes)).signature)
  const send: Rig['send'] = async (tx, sendOptions) => {
    const bytes = await build(tx, sendOptions)
    return node.execute(bytes, [await sign(bytes)])
  }
  return {
    node,
    keypair,
    address,
    ref,
    coins,
    build,
    sign,
    send,
    simulate: async (tx, checks = true) =>
      node.simulate(bcs.TransactionData.parse(await build(tx)), {checks}),
    publishKit: async () => {
      const {modules, dependencies} = await compileKit()
      const tx = new Transaction()
      const cap = tx.publish({
        modules: [...modules.values()].map((bytes) => [...bytes]),
        dependencies: [...dependencies],
      })
      tx.transferObjects([cap], address)
      const published = await send(tx)
      const kit = published.outputObjects.find((object) => object.package !== undefined)?.id
      if (kit === undefined) throw new Error(published.failure?.description ?? 'nothing was published')
      const [store, upgradeCap] = ['kit::Store', 'package::UpgradeCap'].map(
        (end) => written(published, end).id,
      )
      return {kit, store: store!, cap: upgradeCap!, published}
    },
  }
}
