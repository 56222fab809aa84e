import {bcs} from '@mysten/sui/bcs'
import type {DevnetNode, Simulation, TransactionData} from '../../ledger/api.ts'
import {coinBalance} from '../proto/object.ts'
import {suiType} from '../proto/types.ts'
import {maxGasPaymentObjects, maxTxGas, mockGasMist} from '../services/epoch.ts'
import {coinsOf} from '../services/state.ts'
import {invalidArgument} from '../status.ts'
import type {CallArgInput, Draft, ObjectRef} from './draft.ts'
import {refOf} from './objects.ts'

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

/**
 * Completes price, budget and payment of a draft (facts/sui.md 1.3).
 * @param inputs the complete inputs
 * @throws RpcFailure INVALID_ARGUMENT when the owner of the gas has not enough SUI
 */
export async function resolveGas(
  node: DevnetNode,
  draft: Draft,
  inputs: readonly CallArgInput[],
  options: ResolveOptions,
): Promise<Resolved> {
  const price = draft.gas.price ?? node.epoch().referenceGasPrice
  const build = (gas: Gas): TransactionData => dataOf(draft, inputs, gas)
  const open = build({price, budget: maxTxGas, payment: []})
  const budget = draft.gas.budget ?? (await estimateBudget(node, open, options.checks))
  let {payment} = draft.gas
  if (payment.length === 0 && options.selectGas && options.checks) {
    payment = selectPayment(node, draft.gas.owner, budget, usedObjects(open))
  }
  return {data: build({price, budget, payment}), needsMockGas: payment.length === 0}
}

/**
 * Chooses the payment of a complete transaction that has none.
 * @throws RpcFailure INVALID_ARGUMENT when the owner of the gas has not enough SUI
 */
export function payFor(node: DevnetNode, data: TransactionData): TransactionData {
  const {V1} = data
  const payment = selectPayment(node, V1.gasData.owner, BigInt(V1.gasData.budget), usedObjects(data))
  return canonical({V1: {...V1, gasData: {...V1.gasData, payment}}})
}

async function estimateBudget(node: DevnetNode, data: TransactionData, checks: boolean): Promise<bigint> {
  const simulation = await node.simulate(data, {checks, mockGas: mockGasMist})
  const effects = simulation.transaction.effects.V2
  if (effects === undefined) throw new Error('the devnet writes effects of version 2')
  const computation = BigInt(effects.gasUsed.computationCost)
  const storage = BigInt(effects.gasUsed.storageCost) - mockCoinStorage(simulation)
  const net = computation + storage - BigInt(effects.gasUsed.storageRebate)
  const safe = (net > computation ? net : computation) + 1000n * node.epoch().referenceGasPrice
  return safe > maxTxGas ? maxTxGas : safe
}

/** A real payment is stored already: what the mock coin would cost to store is taken off. */
function mockCoinStorage({transaction}: Simulation): bigint {
  const {V2} = transaction.effects
  const index = V2?.gasObjectIndex ?? undefined
  const id = index === undefined ? undefined : V2?.changedObjects[index]?.[0]
  return transaction.outputObjects.find((object) => object.id === id)?.storageRebate ?? 0n
}

function selectPayment(
  node: DevnetNode,
  owner: string,
  budget: bigint,
  used: ReadonlySet<string>,
): readonly ObjectRef[] {
  const coins = coinsOf(node, owner, suiType)
    .filter((coin) => !used.has(coin.id))
    .slice(0, maxGasPaymentObjects)
  const total = coins.reduce((sum, coin) => sum + (coinBalance(coin) ?? 0n), 0n)
  if (coins.length === 0 || total < budget) {
    throw invalidArgument(
      `Unable to perform gas selection due to insufficient SUI balance (in address balance or coins) ` +
        `for account ${owner} to satisfy required budget ${budget}.`,
    )
  }
  return coins.map(refOf)
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
