/** Transactions of the system: genesis, and the prologue that sets the Clock. */
import {bcs} from '@mysten/sui/bcs'
import type {GasCosts, StoredObject} from '../ledger/api.ts'
import type {NewTransaction} from '../ledger/record.ts'
import {digestOf} from '../ledger/digest.ts'
import {blake2b256} from '../vm/blake2b.ts'
import {coinContents, finishObject, GAS_COIN_TYPE, type ObjectDraft} from '../ledger/object.ts'
import type {PackageBytecode} from '../vm/api.ts'
import {ByteReader, bytesToAddress, ByteWriter} from '../vm/bytes.ts'
import {packageDraft} from './changes.ts'
import {makeEffects, type FinalChange} from './effects.ts'
import {NO_TRANSACTION} from './execute.ts'
import {NO_GAS} from './gas.ts'
import {CLOCK_ID} from './inputs.ts'
import {randomDrafts} from './randomness.ts'
import {frameworkType} from './values.ts'

type KindInput = Extract<typeof bcs.TransactionData.$inferInput, {V1: unknown}>['V1']['kind']

const ZERO = `0x${'0'.repeat(64)}`
const GENESIS_VERSION = 1n
/** Coins into which the balance of an account is divided at genesis. */
const COINS_PER_ACCOUNT = 5n

/** A transaction of the system with what it wrote. */
export interface SystemTransaction {
  readonly transaction: NewTransaction
  readonly changes: readonly FinalChange[]
}

/** A transaction of the system of some kind. */
export function systemData(kind: KindInput): {bytes: Uint8Array; digest: string; sender: string} {
  const bytes = bcs.TransactionData.serialize({
    V1: {
      kind,
      sender: ZERO,
      gasData: {
        payment: [{objectId: ZERO, version: 0, digest: NO_TRANSACTION}],
        owner: ZERO,
        price: 1,
        budget: 0,
      },
      expiration: {None: true},
    },
  }).toBytes()
  return {bytes, digest: digestOf('TransactionData', bytes), sender: ZERO}
}

/** What a transaction of the system did, with its effects. */
export function systemTransaction(
  head: ReturnType<typeof systemData>,
  changes: readonly FinalChange[],
  options: {version: bigint; epoch: bigint; timestampMs: bigint},
): SystemTransaction {
  const inputObjects = changes.flatMap(({before}) => before ?? [])
  const effects = makeEffects({
    digest: head.digest,
    epoch: options.epoch,
    failure: undefined,
    gas: NO_GAS,
    gasId: undefined,
    events: [],
    dependencies: inputObjects.map((object) => object.previousTransaction),
    version: options.version,
    changes,
    unchangedShared: [],
  })
  return {
    transaction: {
      ...head,
      ...effects,
      signatures: [],
      failure: undefined,
      events: [],
      balanceChanges: [],
      inputObjects,
      outputObjects: changes.flatMap(({after}) => after ?? []),
      timestampMs: options.timestampMs,
    },
    changes,
  }
}

function clockDraft(timestampMs: bigint): ObjectDraft {
  const writer = new ByteWriter()
  writer.address(CLOCK_ID)
  writer.big(timestampMs, 8)
  return {
    id: CLOCK_ID,
    owner: {kind: 'shared', initialSharedVersion: GENESIS_VERSION},
    type: frameworkType('clock', 'Clock'),
    hasPublicTransfer: false,
    contents: writer.take(),
    package: undefined,
  }
}

/** What a Clock object shows, in ms. */
export function clockTime(clock: StoredObject): bigint {
  return new ByteReader(clock.contents.subarray(32)).big(8)
}

/** Sets the Clock: the prologue of a consensus commit. */
export function clockPrologue(
  clock: StoredObject,
  options: {round: bigint; epoch: bigint; timestampMs: bigint},
): SystemTransaction {
  const head = systemData({
    ConsensusCommitPrologueV4: {
      epoch: options.epoch.toString(),
      round: options.round.toString(),
      subDagIndex: null,
      commitTimestampMs: options.timestampMs.toString(),
      consensusCommitDigest: NO_TRANSACTION,
      consensusDeterminedVersionAssignments: {CancelledTransactionsV2: []},
      additionalStateDigest: NO_TRANSACTION,
    },
  })
  const version = clock.version + 1n
  const after = finishObject(clockDraft(options.timestampMs), version, head.digest, clock.storageRebate)
  return systemTransaction(head, [{id: CLOCK_ID, before: clock, after, operation: 'None'}], {
    ...options,
    version,
  })
}

/** Ends an epoch; no object is written, as a devnet has no system state. */
export function changeEpoch(options: {
  epoch: bigint
  protocolVersion: bigint
  gas: GasCosts
  timestampMs: bigint
}): SystemTransaction {
  const {epoch, protocolVersion, gas, timestampMs} = options
  const head = systemData({
    EndOfEpochTransaction: [
      {
        ChangeEpoch: {
          epoch: epoch + 1n,
          protocolVersion,
          storageCharge: gas.storageCost,
          computationCharge: gas.computationCost,
          storageRebate: gas.storageRebate,
          nonRefundableStorageFee: gas.nonRefundableStorageFee,
          epochStartTimestampMs: timestampMs,
          systemPackages: [],
        },
      },
    ],
  })
  return systemTransaction(head, [], {version: GENESIS_VERSION, epoch, timestampMs})
}

/** The first coins of the accounts; their ids depend on the seed, and so does the whole chain. */
function genesisCoins(
  seed: Uint8Array,
  accounts: readonly {readonly address: string; readonly balance: bigint}[],
): ObjectDraft[] {
  let count = 0n
  return accounts.flatMap(({address, balance}) => {
    const share = balance / COINS_PER_ACCOUNT
    const first = balance - share * (COINS_PER_ACCOUNT - 1n)
    const amounts = [first, ...Array<bigint>(Number(COINS_PER_ACCOUNT) - 1).fill(share)]
    return amounts
      .filter((amount) => amount > 0n)
      .map((amount): ObjectDraft => {
        const writer = new ByteWriter()
        writer.bytes(seed)
        writer.big(count++, 8)
        const id = bytesToAddress(blake2b256(new TextEncoder().encode('daas-devnet-coin'), writer.take()))
        return {
          id,
          owner: {kind: 'address', address},
          type: GAS_COIN_TYPE,
          hasPublicTransfer: true,
          contents: coinContents(id, amount),
          package: undefined,
        }
      })
  })
}

/**
 * The first transaction: framework, Clock, Random, coins.
 * @param seed 32 bytes
 */
export function genesis(options: {
  seed: Uint8Array
  epoch: bigint
  framework: readonly PackageBytecode[]
  accounts: readonly {readonly address: string; readonly balance: bigint}[]
}): SystemTransaction {
  // A framework of tests may lack the module.
  const hasRandom = options.framework.some(({modules}) => modules.has('random'))
  const drafts = [
    ...options.framework.map(packageDraft),
    clockDraft(0n),
    ...(hasRandom ? randomDrafts(options.seed, GENESIS_VERSION) : []),
    ...genesisCoins(options.seed, options.accounts),
  ]
  const unsigned = drafts.map((draft) => finishObject(draft, GENESIS_VERSION, NO_TRANSACTION, 0n))
  const objects = unsigned.map((object) => {
    const {data, owner} = bcs.Object.parse(object.bcs)
    return {RawObject: {data, owner}}
  })
  const head = systemData({Genesis: {objects}} as KindInput)
  const changes = drafts.map((draft): FinalChange => {
    const after = finishObject(draft, GENESIS_VERSION, head.digest, 0n)
    return {id: draft.id, before: undefined, after, operation: 'Created'}
  })
  return systemTransaction(head, changes, {version: GENESIS_VERSION, epoch: options.epoch, timestampMs: 0n})
}
