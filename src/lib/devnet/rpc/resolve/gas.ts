import {bcs} from '@mysten/sui/bcs'
import type {DevnetNode, Simulation, StoredObject, TransactionData} from '../../ledger/api.ts'
import {coinBalance} from '../proto/object.ts'
import {coinOf, suiType} from '../proto/types.ts'
import {maxGasPaymentObjects, maxTxGas, mockGasMist} from '../services/epoch.ts'
import {objectMissing} from '../services/ledger.ts'
import {coinsOf} from '../services/state.ts'
import {invalidArgument, invalidField, notFound} from '../status.ts'
import {type CallArgInput, type Draft, type NamedObject, type ObjectRef, wholeRefs} from './draft.ts'
import {checkVersion, refOf} from './objects.ts'

/** What stands for gas while it is not chosen. */
type Gas = {price: bigint; budget: bigint; payment: readonly ObjectRef[]}

/** A complete transaction; without payment it is to be simulated with a coin that does not exist. */
export interface Resolved {
  readonly data: TransactionData
  readonly needsMockGas: boolean
}

/** What else the client wants of the resolution. */
export interface ResolveOptions {
  readonly checks: boolean
  readonly selectGas: boolean
}

/** What reading a gas coin is taken to cost, in thousandths of a unit: bytes and price of each (simulate/mod.rs). */
const coinReading = 40n * 15n
const roundingStep = 1000n

/**
 * Completes price, budget and payment of a draft (facts/sui.md 1.3).
 * @param inputs the complete inputs
 * @throws RpcFailure INVALID_ARGUMENT when the owner of the gas, or the coins named, have not enough SUI; NOT_FOUND
 */
export async function resolveGas(
  node: DevnetNode,
  draft: Draft,
  inputs: readonly CallArgInput[],
  options: ResolveOptions,
): Promise<Resolved> {
  const price = draft.gas.price ?? node.epoch().referenceGasPrice
  const build = (gas: Gas): TransactionData => dataOf(draft, inputs, gas)
  const coins = draft.complete ? [] : draft.gas.payment.map((named) => gasCoin(node, named))
  const payment = draft.complete ? wholeRefs(draft.gas.payment) : coins.map(refOf)
  const most = coins.length === 0 ? maxTxGas : min(balanceOf(coins), maxTxGas)
  if (!options.selectGas || !options.checks) {
    const data = build({price, budget: draft.gas.budget ?? most, payment})
    return {data, needsMockGas: payment.length === 0}
  }
  const open = build({price, budget: maxTxGas, payment: []})
  const estimated = draft.gas.budget === undefined
  const budget = draft.gas.budget ?? (await estimateBudget(node, open, payment.length))
  if (estimated && most < budget) {
    throw invalidArgument(
      'Insufficient gas balance to cover estimated transaction cost. ' +
        `Available gas balance: ${most} MIST. Estimated gas budget required: ${budget} MIST`,
    )
  }
  if (payment.length > 0) return {data: build({price, budget, payment}), needsMockGas: false}
  const selected = selectPayment(node, draft.gas.owner, budget, open, estimated)
  return {data: build({price, ...selected}), needsMockGas: false}
}

/** A coin that the client names as payment; version and digest may be left out. */
function gasCoin(node: DevnetNode, named: NamedObject): StoredObject {
  const object = node.getObject(named.objectId)
  if (object === undefined) throw notFound(objectMissing(named.objectId))
  if (object.typeName !== coinOf(suiType)) {
    throw invalidField('payment', `object ${object.id} is not a valid gas coin`)
  }
  checkVersion(named, object)
  return object
}

/**
 * Chooses the payment of a complete transaction that has none.
 * @throws RpcFailure INVALID_ARGUMENT when the owner of the gas has not enough SUI
 */
export function payFor(node: DevnetNode, data: TransactionData): TransactionData {
  const {V1} = data
  const {payment} = selectPayment(node, V1.gasData.owner, BigInt(V1.gasData.budget), data, false)
  return canonical({V1: {...V1, gasData: {...V1.gasData, payment}}})
}

async function estimateBudget(node: DevnetNode, data: TransactionData, coins: number): Promise<bigint> {
  const simulation = await node.simulate(data, {checks: true, mockGas: mockGasMist})
  const effects = simulation.transaction.effects.V2
  if (effects === undefined) throw new Error('the devnet writes effects of version 2')
  const computation = BigInt(effects.gasUsed.computationCost)
  const storage = BigInt(effects.gasUsed.storageCost) - mockCoinStorage(simulation)
  const net = computation + storage - BigInt(effects.gasUsed.storageRebate)
  const used = net > computation ? net : computation
  const {referenceGasPrice} = node.epoch()
  return min(used + loadingCost(node, coins) + 1000n * referenceGasPrice, maxTxGas)
}

/** What loading the coins costs beyond the first, which the simulation has counted, in MIST. */
function loadingCost(node: DevnetNode, coins: number): bigint {
  const units = BigInt(Math.max(coins - 1, 0)) * coinReading
  const rounded = ((units + roundingStep - 1n) / roundingStep) * roundingStep
  return rounded * node.epoch().referenceGasPrice
}

/** A real payment is stored already: what the mock coin would cost to store is taken off. */
function mockCoinStorage({transaction}: Simulation): bigint {
  const {V2} = transaction.effects
  const index = V2?.gasObjectIndex ?? undefined
  const id = index === undefined ? undefined : V2?.changedObjects[index]?.[0]
  return transaction.outputObjects.find((object) => object.id === id)?.storageRebate ?? 0n
}

/**
 * Takes every coin of the owner that the transaction does not use.
 * @param grows adds to the budget what loading them costs
 */
function selectPayment(
  node: DevnetNode,
  owner: string,
  budget: bigint,
  data: TransactionData,
  grows: boolean,
): {budget: bigint; payment: readonly ObjectRef[]} {
  const used = usedObjects(data)
  const coins = coinsOf(node, owner, suiType)
    .filter((coin) => !used.has(coin.id))
    .slice(0, maxGasPaymentObjects)
  const needed = grows ? min(budget + loadingCost(node, coins.length), maxTxGas) : budget
  if (coins.length === 0 || balanceOf(coins) < needed) {
    throw invalidArgument(
      `Unable to perform gas selection due to insufficient SUI balance (in address balance or coins) ` +
        `for account ${owner} to satisfy required budget ${needed}.`,
    )
  }
  return {budget: needed, payment: coins.map(refOf)}
}

function balanceOf(coins: readonly StoredObject[]): bigint {
  return coins.reduce((sum, coin) => sum + (coinBalance(coin) ?? 0n), 0n)
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function usedObjects({V1}: TransactionData): Set<string> {
  const used = new Set<string>()
  for (const input of V1.kind.ProgrammableTransaction?.inputs ?? []) {
    const ref = input.Object?.ImmOrOwnedObject ?? input.Object?.Receiving
    if (ref !== undefined) used.add(ref.objectId)
  }
  return used
}

function dataOf(draft: Draft, inputs: readonly CallArgInput[], gas: Gas): TransactionData {
  return canonical({
    V1: {
      kind: {ProgrammableTransaction: {inputs: [...inputs], commands: [...draft.commands]}},
      sender: draft.sender,
      expiration: draft.expiration,
      gasData: {...gas, payment: [...gas.payment], owner: draft.gas.owner},
    },
  })
}

/** Through BCS and back: the form in which the executor knows it. */
function canonical(data: typeof bcs.TransactionData.$inferInput): TransactionData {
  try {
    return bcs.TransactionData.parse(bcs.TransactionData.serialize(data).toBytes())
  } catch (error) {
    throw invalidArgument(
      `invalid transaction: ${error instanceof Error ? error.message : String(error)}`,
      error,
    )
  }
}
