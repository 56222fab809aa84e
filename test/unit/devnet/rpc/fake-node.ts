/** A ledger for the tests of the RPC layer: no execution, what it holds is put there by the test. */
import {bcs} from '@mysten/sui/bcs'
import {TransactionDataBuilder} from '@mysten/sui/transactions'
import {normalizeSuiAddress, toBase58} from '@mysten/sui/utils'
import type {
  DevnetNode,
  LedgerCheckpoint,
  LedgerTransaction,
  MoveEvent,
  StoredObject,
} from '../../../../src/lib/devnet/ledger/api.ts'
import type {MoveType, Vm} from '../../../../src/lib/devnet/vm/api.ts'
import {parseType, typeToString} from '../../../../src/lib/devnet/rpc/proto/types.ts'

/** A digest from a number. */
export function digestOf(n: number): string {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(28, n)
  return toBase58(bytes)
}

/** An address from a short one. */
export const addressOf = (short: string): string => normalizeSuiAddress(short)

/** A coin of SUI, or of another type. */
export function fakeCoin(id: string, owner: string, balance: bigint, type = '0x2::sui::SUI'): StoredObject {
  const contents = Buffer.alloc(40)
  contents.set(Buffer.from(addressOf(id).slice(2), 'hex'))
  contents.writeBigUInt64LE(balance, 32)
  return fakeObject(id, {kind: 'address', address: addressOf(owner)}, `0x2::coin::Coin<${type}>`, contents)
}

/** Any object. */
export function fakeObject(
  id: string,
  owner: StoredObject['owner'],
  typeName: string,
  contents: Uint8Array = Buffer.from(addressOf(id).slice(2), 'hex'),
): StoredObject {
  const type = parseType(typeName)
  return {
    id: addressOf(id),
    version: 3n,
    digest: digestOf(77),
    owner,
    type,
    typeName: typeToString(type),
    hasPublicTransfer: true,
    contents,
    package: undefined,
    previousTransaction: digestOf(1),
    storageRebate: 988_000n,
    bcs: Uint8Array.of(1, 2, 3),
  }
}

/** An event that carries a u64. */
export function fakeEvent(sender: string, typeName: string, value = 7n): MoveEvent {
  const type = parseType(typeName)
  return {
    packageId: addressOf('0xda'),
    module: 'staking',
    sender: addressOf(sender),
    type,
    typeName: typeToString(type),
    contents: bcs.u64().serialize(value).toBytes(),
  }
}

let nonce = 0

/** A transaction of one call, with these events and writes. */
export function fakeTransaction(
  sender: string,
  events: MoveEvent[] = [],
  outputObjects: StoredObject[] = [],
): LedgerTransaction {
  nonce += 1
  const data = bcs.TransactionData.parse(
    bcs.TransactionData.serialize({
      V1: {
        kind: {
          ProgrammableTransaction: {
            inputs: [{Pure: {bytes: bcs.u32().serialize(nonce).toBytes()}}],
            commands: [
              {
                MoveCall: {
                  package: '0xda',
                  module: 'staking',
                  function: 'stake_for_node',
                  typeArguments: [],
                  arguments: [{Input: 0}],
                },
              },
            ],
          },
        },
        sender,
        expiration: {None: true},
        gasData: {payment: [], owner: sender, price: 1000n, budget: 5_000_000n},
      },
    }).toBytes(),
  )
  const bytes = bcs.TransactionData.serialize(data).toBytes()
  const digest = TransactionDataBuilder.getDigestFromBytes(bytes)
  const effectsBytes = bcs.TransactionEffects.serialize({
    V2: {
      status: {Success: true},
      executedEpoch: 0n,
      gasUsed: {
        computationCost: 1000n,
        storageCost: 988_000n,
        storageRebate: 0n,
        nonRefundableStorageFee: 0n,
      },
      transactionDigest: digest,
      gasObjectIndex: outputObjects.length > 0 ? 0 : null,
      eventsDigest: null,
      dependencies: [],
      lamportVersion: 3n,
      changedObjects: outputObjects.map((object) => [
        object.id,
        {
          inputState: {NotExist: true},
          outputState: {ObjectWrite: [object.digest, {AddressOwner: sender}]},
          idOperation: {Created: true},
        },
      ]),
      unchangedConsensusObjects: [],
      auxDataDigest: null,
    },
  }).toBytes()
  return {
    digest,
    sender: data.V1.sender,
    data,
    bytes,
    signatures: [Uint8Array.from([0, ...new Uint8Array(64).fill(1), ...new Uint8Array(32).fill(2)])],
    effects: bcs.TransactionEffects.parse(effectsBytes),
    effectsBytes,
    effectsDigest: digestOf(nonce),
    gasUsed: {
      computationCost: 1000n,
      storageCost: 988_000n,
      storageRebate: 0n,
      nonRefundableStorageFee: 0n,
    },
    failure: undefined,
    events,
    eventsDigest: undefined,
    balanceChanges: [
      {address: addressOf(sender), coinType: typeToString(parseType('0x2::sui::SUI')), amount: -5n},
    ],
    inputObjects: [],
    outputObjects,
    timestampMs: 1_700_000_000_123n,
    checkpoint: undefined,
    sequence: 0n,
  }
}

/** The node, and a way to let time pass in it. */
export interface FakeNode extends DevnetNode {
  readonly objects: Map<string, StoredObject>
  add(...transactions: LedgerTransaction[]): LedgerCheckpoint
  listenerCount(): number
}

/** A node with an empty genesis checkpoint. Methods that a test needs otherwise are given in `overrides`. */
export function fakeNode(overrides: Partial<DevnetNode> = {}): FakeNode {
  const checkpoints: LedgerCheckpoint[] = []
  const listeners = new Set<(checkpoint: LedgerCheckpoint) => void>()
  const objects = new Map<string, StoredObject>()
  const refuse = (): never => {
    throw new Error('the fake node does not do this')
  }
  const add = (...transactions: LedgerTransaction[]): LedgerCheckpoint => {
    const sequenceNumber = BigInt(checkpoints.length)
    const checkpoint: LedgerCheckpoint = {
      sequenceNumber,
      digest: digestOf(1000 + checkpoints.length),
      previousDigest: checkpoints.at(-1)?.digest,
      contentDigest: digestOf(2000 + checkpoints.length),
      timestampMs: 1_700_000_000_000n + sequenceNumber,
      epoch: 0n,
      transactions,
      totalTransactions: (checkpoints.at(-1)?.totalTransactions ?? 0n) + BigInt(transactions.length),
      epochGas: {computationCost: 0n, storageCost: 0n, storageRebate: 0n, nonRefundableStorageFee: 0n},
      endsEpoch: false,
      summaryBytes: Uint8Array.of(1),
      contentsBytes: Uint8Array.of(2),
    }
    for (const transaction of transactions) {
      transaction.checkpoint = sequenceNumber
      for (const object of transaction.outputObjects) objects.set(object.id, object)
    }
    checkpoints.push(checkpoint)
    for (const listener of listeners) listener(checkpoint)
    return checkpoint
  }
  add()
  const all = (): LedgerTransaction[] => checkpoints.flatMap((checkpoint) => checkpoint.transactions)
  return {
    vm: fakeVm(),
    chainId: digestOf(1000),
    epoch: () => ({
      epoch: 0n,
      startTimestampMs: 1_700_000_000_000n,
      durationMs: 86_400_000n,
      referenceGasPrice: 1000n,
      protocolVersion: 138n,
    }),
    epochSpan: (epoch) =>
      epoch === 0n
        ? {epoch, startTimestampMs: 1_700_000_000_000n, firstCheckpoint: 0n, last: undefined}
        : undefined,
    getObject: (id) => objects.get(id),
    objectsOwnedBy: (address) =>
      [...objects.values()].filter(({owner}) => owner.kind === 'address' && owner.address === address),
    objectsOfType: (typeName) => [...objects.values()].filter((object) => object.typeName === typeName),
    packageVersions: (originalId) =>
      [...objects.values()].filter((object) => object.package?.originalId === originalId),
    childrenOf: (parent) =>
      [...objects.values()].filter(({owner}) => owner.kind === 'object' && owner.parent === parent),
    getTransaction: (digest) => all().find((transaction) => transaction.digest === digest),
    transactions: () => all(),
    checkpointBySequence: (sequence) => checkpoints[Number(sequence)],
    checkpointByDigest: (digest) => checkpoints.find((checkpoint) => checkpoint.digest === digest),
    tip: () => checkpoints.at(-1) ?? refuse(),
    onCheckpoint: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    execute: async () => refuse(),
    simulate: async () => refuse(),
    advanceClock: async () => undefined,
    sealCheckpoint: async () => add(),
    fund: async () => ({coinId: addressOf('0xc'), digest: digestOf(5)}),
    close: async () => undefined,
    ...overrides,
    objects,
    add,
    listenerCount: () => listeners.size,
  }
}

function fakeVm(): Vm {
  const vm: Pick<Vm, 'toJson' | 'deserialize'> = {
    toJson: (_type: MoveType, value) => ({value: String(value)}),
    deserialize: (_type: MoveType, bytes) => bcs.u64().parse(bytes.slice(0, 8)),
  }
  return vm as Vm
}
