import {bcs} from '@mysten/sui/bcs'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import {
  TransactionRejected,
  type DevnetNode,
  type Simulation,
  type TransactionData,
} from '../../ledger/api.ts'
import {type HandlerTable, unary} from '../dispatch.ts'
import {executedToProto} from '../proto/executed.ts'
import {argumentToProto} from '../proto/transaction.ts'
import {typeToString} from '../proto/types.ts'
import {toProtoValue} from '../proto/values.ts'
import {placeOf} from '../query/items.ts'
import {type ReadMask, readMask} from '../read-mask.ts'
import {readDraft, wholeRefs} from '../resolve/draft.ts'
import {type Resolved, payFor, resolveGas} from '../resolve/gas.ts'
import {resolveInputs} from '../resolve/objects.ts'
import {invalidArgument, invalidField, missingField} from '../status.ts'
import {mockGasMist} from './epoch.ts'

const service = 'sui.rpc.v2.TransactionExecutionService'

/** TransactionExecutionService: executes transactions, and completes and tries out those that are not finished. */
export function executionHandlers(node: DevnetNode): HandlerTable {
  return {
    [`${service}/ExecuteTransaction`]: unary(
      async (request: T.ExecuteTransactionRequest): Promise<T.ExecuteTransactionResponse> => {
        const mask = readMask(T.ExecutedTransaction, request.readMask, 'effects')
        const bytes = completeBytes(request.transaction)
        const signatures = request.signatures.map((signature, index) => signatureBytes(signature, index))
        const executed = await node.execute(bytes, signatures)
        return {transaction: mask.prune(executedToProto(node, executed, mask, placeOf(node, executed)))}
      },
    ),
    [`${service}/SimulateTransaction`]: unary(
      async (request: T.SimulateTransactionRequest): Promise<T.SimulateTransactionResponse> => {
        const mask = readMask(T.SimulateTransactionResponse, request.readMask, '*')
        const checks = request.checks !== T.SimulateTransactionRequest_TransactionChecks.DISABLED
        const selectGas = request.doGasSelection === true
        const {data, needsMockGas} = await complete(node, request.transaction, {checks, selectGas})
        const mock = needsMockGas ? {mockGas: mockGasMist} : {}
        const simulation = await node.simulate(data, {checks, ...mock}).catch(refuseSimulation)
        return mask.prune(simulationToProto(node, simulation, mask))
      },
    ),
  }
}

/** What is wrong with a transaction that is only tried is always an argument, on real nodes too. */
function refuseSimulation(error: unknown): never {
  if (error instanceof TransactionRejected) throw invalidArgument(error.message, error)
  throw error
}

async function complete(
  node: DevnetNode,
  transaction: T.Transaction | undefined,
  options: {checks: boolean; selectGas: boolean},
): Promise<Resolved> {
  if (transaction === undefined) throw missingField('transaction')
  if (transaction.bcs?.value === undefined) {
    const draft = readDraft(transaction)
    return resolveGas(node, draft, resolveInputs(node, draft), options)
  }
  const data = parseData(transaction.bcs.value)
  if (data.V1.gasData.payment.length > 0) return {data, needsMockGas: false}
  if (!options.selectGas || !options.checks) return {data, needsMockGas: true}
  return {data: payFor(node, data), needsMockGas: false}
}

/** The bytes to execute: as given, or of a structured transaction that leaves nothing open. */
function completeBytes(transaction: T.Transaction | undefined): Uint8Array {
  if (transaction === undefined) throw missingField('transaction')
  if (transaction.bcs?.value !== undefined) return transaction.bcs.value
  const draft = readDraft(transaction)
  const {price, budget} = draft.gas
  const inputs = draft.inputs.flatMap(({ready}) => ready ?? [])
  const payment = wholeRefs(draft.gas.payment)
  const isOpen = inputs.length < draft.inputs.length || payment.length < draft.gas.payment.length
  if (isOpen || price === undefined || budget === undefined) {
    throw invalidField('transaction', 'invalid transaction: it is not completely resolved, simulate it first')
  }
  const data: typeof bcs.TransactionData.$inferInput = {
    V1: {
      kind: {ProgrammableTransaction: {inputs, commands: [...draft.commands]}},
      sender: draft.sender,
      expiration: draft.expiration,
      gasData: {price, budget, owner: draft.gas.owner, payment},
    },
  }
  return bcs.TransactionData.serialize(data).toBytes()
}

function parseData(bytes: Uint8Array): TransactionData {
  try {
    return bcs.TransactionData.parse(bytes)
  } catch (error) {
    throw invalidField('transaction', 'invalid transaction: the bcs is no TransactionData', error)
  }
}

function signatureBytes(signature: T.UserSignature, index: number): Uint8Array {
  if (signature.bcs?.value !== undefined) return signature.bcs.value
  const invalid = (reason: string): Error =>
    invalidField(`signatures[${index}]`, `invalid signature: ${reason}`)
  if (signature.signature.oneofKind !== 'simple') throw invalid('it has no bcs')
  const {scheme, signature: raw, publicKey} = signature.signature.simple
  if (scheme === undefined || raw === undefined || publicKey === undefined) {
    throw invalid('it is not complete')
  }
  return Uint8Array.of(scheme, ...raw, ...publicKey)
}

function simulationToProto(
  node: DevnetNode,
  simulation: Simulation,
  mask: ReadMask<T.SimulateTransactionResponse>,
): T.SimulateTransactionResponse {
  const wantsJson = (list: string): boolean => mask.wants(`command_outputs.${list}.json`)
  return T.SimulateTransactionResponse.create({
    transaction: executedToProto(node, simulation.transaction, mask, undefined, 'transaction.'),
    commandOutputs: mask.wants('command_outputs')
      ? simulation.commandOutputs.map((output) => ({
          returnValues: output.returnValues.map((value) =>
            outputToProto(node, value, undefined, wantsJson('return_values')),
          ),
          mutatedByRef: output.mutatedByRef.map((value) =>
            outputToProto(node, value, value.argument, wantsJson('mutated_by_ref')),
          ),
        }))
      : [],
    suggestedGasPrice: node.epoch().referenceGasPrice,
  })
}

type OutputValue = Simulation['commandOutputs'][number]['returnValues'][number]

function outputToProto(
  node: DevnetNode,
  value: OutputValue,
  argument: unknown,
  wantsJson: boolean,
): T.CommandOutput {
  const json = wantsJson
    ? toProtoValue(node.vm.toJson(value.type, node.vm.deserialize(value.type, value.bcs)))
    : undefined
  return {
    ...(argument === undefined
      ? {}
      : {argument: argumentToProto(argument as typeof bcs.Argument.$inferType)}),
    value: {name: typeToString(value.type), value: value.bcs},
    ...(json === undefined ? {} : {json}),
  }
}
