/** What a transaction reads: its inputs found in the store and checked (sui-types `UserInputError`). */
import {
  TransactionRejected,
  type ObjectOwner,
  type StoredObject,
  type TransactionData,
} from '../ledger/api.ts'
import {normalizeMoveAddress, parseTypeName} from '../vm/types.ts'
import type {EndedStream, ObjectReader} from '../ledger/store.ts'
import {VmError, type MoveType} from '../vm/api.ts'
import {argumentsOf} from './last-uses.ts'

/** The Clock. */
export const CLOCK_ID = `0x${'6'.padStart(64, '0')}`

type Kind = TransactionData['V1']['kind']
/** The source of randomness. */
export const RANDOM_ID = `0x${'8'.padStart(64, '0')}`

/** The programmable part of a transaction. */
export type Programmable = NonNullable<Kind['ProgrammableTransaction']>
export type Command = Programmable['commands'][number]
type ObjectRef = TransactionData['V1']['gasData']['payment'][number]

/** One input of a programmable transaction. */
export type LoadedInput =
  | {readonly kind: 'pure'; readonly bytes: Uint8Array}
  | {readonly kind: 'object'; readonly object: StoredObject; readonly mutable: boolean}
  | {readonly kind: 'receiving'; readonly object: StoredObject}
  | EndedInput

/** A shared object that is gone: what was given it fails. */
export interface EndedInput {
  readonly kind: 'ended'
  readonly id: string
  readonly mutable: boolean
  readonly stream: EndedStream
}

/** Everything a transaction reads, before it is executed. */
export interface LoadedInputs {
  readonly inputs: readonly LoadedInput[]
  readonly gas: readonly StoredObject[]
  /** Packages it calls or depends on. */
  readonly packages: readonly StoredObject[]
}

const PREFIX = 'Error checking transaction input objects: '

/** A refusal because of an input, as a full node says it that checks before it submits. */
export function inputError(code: TransactionRejected['code'], message: string): TransactionRejected {
  return new TransactionRejected(code, `${PREFIX}${message}`)
}

function showOwner(owner: ObjectOwner): string {
  if (owner.kind === 'address') return `account address ( ${owner.address} )`
  return owner.kind === 'object' ? `object ( ${owner.parent} )` : owner.kind
}

function notFound(id: string, version?: string): TransactionRejected {
  const shown = version === undefined ? 'None' : `Some(SequenceNumber(${version}))`
  return inputError('NOT_FOUND', `Could not find the referenced object ${id} at version ${shown}`)
}

/** The live object of a reference; the reference must name exactly it. */
export function loadReference(reader: ObjectReader, ref: ObjectRef, exact: boolean): StoredObject {
  const object = reader.get(ref.objectId)
  if (object === undefined) throw notFound(ref.objectId, ref.version)
  if (object.package !== undefined) {
    throw inputError(
      'INVALID_ARGUMENT',
      `A move object is expected, instead a move package is passed: ${ref.objectId}`,
    )
  }
  if (!exact) return object
  if (BigInt(ref.version) !== object.version) {
    throw inputError(
      'INVALID_ARGUMENT',
      `Object ID ${ref.objectId} Version 0x${BigInt(ref.version).toString(16)} Digest ${ref.digest} is not ` +
        `available for consumption, current version: 0x${object.version.toString(16)}`,
    )
  }
  if (ref.digest !== object.digest) {
    throw inputError(
      'INVALID_ARGUMENT',
      `Invalid Object digest for object ${ref.objectId}. Expected digest : ${object.digest}`,
    )
  }
  return object
}

function loadOwned(reader: ObjectReader, ref: ObjectRef, sender: string, checks: boolean): LoadedInput {
  const object = loadReference(reader, ref, checks)
  const {owner} = object
  if (owner.kind === 'shared') {
    throw inputError('INVALID_ARGUMENT', 'Object used as owned is not owned')
  }
  if (owner.kind === 'object') {
    throw inputError(
      'INVALID_ARGUMENT',
      `Object ${object.id} is owned by object ${owner.parent}. ` +
        'Objects owned by other objects cannot be used as input arguments',
    )
  }
  if (owner.kind === 'address' && owner.address !== sender && checks) {
    throw inputError(
      'INVALID_ARGUMENT',
      `Transaction was not signed by the correct sender: Object ${object.id} is owned by account address ` +
        `${owner.address}, but given owner/signer address is ${sender}`,
    )
  }
  return {kind: 'object', object, mutable: owner.kind === 'address'}
}

function loadShared(
  reader: ObjectReader,
  ref: {objectId: string; initialSharedVersion: string; mutable: boolean},
): LoadedInput {
  const object = reader.get(ref.objectId)
  const initial = BigInt(ref.initialSharedVersion)
  if (object?.owner.kind !== 'shared' || object.owner.initialSharedVersion !== initial) {
    const stream = reader.endedStream(ref.objectId)
    if (stream?.initialSharedVersion !== initial) throw notFound(ref.objectId)
    return {kind: 'ended', id: ref.objectId, mutable: ref.mutable, stream}
  }
  if (ref.mutable && (ref.objectId === CLOCK_ID || ref.objectId === RANDOM_ID)) {
    throw inputError('INVALID_ARGUMENT', 'Mutable parameter provided, immutable parameter expected')
  }
  return {kind: 'object', object, mutable: ref.mutable}
}

function loadReceiving(reader: ObjectReader, ref: ObjectRef, checks: boolean): LoadedInput {
  const object = loadReference(reader, ref, checks)
  if (object.owner.kind !== 'address') {
    throw inputError(
      'INVALID_ARGUMENT',
      `Object ${object.id} cannot be received, its owner is ${showOwner(object.owner)}`,
    )
  }
  return {kind: 'receiving', object}
}

function addressesOf(type: MoveType, into: Set<string>): void {
  if (type.kind === 'vector') addressesOf(type.element, into)
  if (type.kind !== 'datatype') return
  into.add(type.address)
  for (const argument of type.typeArgs) addressesOf(argument, into)
}

/** A type of a transaction; bytes that a client sends may name one that no module could define. */
function readType(text: string): MoveType {
  try {
    return parseTypeName(text)
  } catch (error) {
    if (!(error instanceof VmError)) throw error
    throw new TransactionRejected('INVALID_ARGUMENT', `invalid transaction bcs: ${error.message}`)
  }
}

/** Ids of the packages that a command needs. */
function packagesOf(command: Command, into: Set<string>): void {
  if (command.MoveCall !== undefined) {
    into.add(normalizeMoveAddress(command.MoveCall.package))
    for (const type of command.MoveCall.typeArguments) addressesOf(readType(type), into)
  }
  for (const id of command.Publish?.dependencies ?? []) into.add(normalizeMoveAddress(id))
  for (const id of command.Upgrade?.dependencies ?? []) into.add(normalizeMoveAddress(id))
  if (command.Upgrade !== undefined) into.add(normalizeMoveAddress(command.Upgrade.package))
}

function loadPackage(reader: ObjectReader, id: string): StoredObject {
  const object = reader.get(id)
  if (object === undefined) {
    throw inputError('NOT_FOUND', `Dependent package not found on-chain: ${id}`)
  }
  if (object.package === undefined) {
    throw inputError('INVALID_ARGUMENT', `A move package is expected, instead a move object is passed: ${id}`)
  }
  return object
}

function checkCommand(command: Command): void {
  if (typeof command.MakeMoveVec?.type === 'string') readType(command.MakeMoveVec.type)
  const empty =
    command.TransferObjects?.objects.length === 0 ||
    command.SplitCoins?.amounts.length === 0 ||
    command.MergeCoins?.sources.length === 0 ||
    command.Publish?.modules.length === 0 ||
    command.Upgrade?.modules.length === 0 ||
    (command.MakeMoveVec?.elements.length === 0 && command.MakeMoveVec.type === null)
  if (empty) {
    throw inputError(
      'INVALID_ARGUMENT',
      'TransferObjects, MergeCoin, and Publish cannot have empty arguments. ' +
        'If MakeMoveVec has empty arguments, it must have a type specified',
    )
  }
}

/** After a command that takes Random only transfers and merges may follow, or a loser could take all back. */
function checkAfterRandom({inputs, commands}: Programmable): void {
  const random = inputs.findIndex((input) => input.Object?.SharedObject?.objectId === RANDOM_ID)
  if (random < 0) return
  const use = commands.findIndex((command) => argumentsOf(command).some(({Input}) => Input === random))
  const rest = use < 0 ? [] : commands.slice(use + 1)
  if (rest.every((command) => command.TransferObjects !== undefined || command.MergeCoins !== undefined))
    return
  throw inputError(
    'INVALID_ARGUMENT',
    'Commands following a command with Random can only be TransferObjects or MergeCoins',
  )
}

/**
 * Finds what a transaction reads.
 * @param gas the gas coins, found already
 * @param checks false: owners and versions are not compared (simulation with `checks: DISABLED`)
 * @throws TransactionRejected
 */
export function loadInputs(
  reader: ObjectReader,
  sender: string,
  program: Programmable,
  gas: readonly StoredObject[],
  checks: boolean,
): LoadedInputs {
  const seen = new Set(gas.map((coin) => coin.id))
  const inputs = program.inputs.map((input): LoadedInput => {
    if (input.Pure !== undefined) return {kind: 'pure', bytes: Buffer.from(input.Pure.bytes, 'base64')}
    if (input.Object === undefined) {
      throw new TransactionRejected(
        'INVALID_ARGUMENT',
        'the devnet does not support withdrawals from address balances',
      )
    }
    const {ImmOrOwnedObject: owned, SharedObject: shared, Receiving: receiving} = input.Object
    const id = (owned ?? shared ?? receiving)?.objectId ?? ''
    if (seen.has(id)) {
      throw inputError(
        'INVALID_ARGUMENT',
        `Mutable object ${id} cannot appear more than one in one transaction`,
      )
    }
    seen.add(id)
    if (owned !== undefined) return loadOwned(reader, owned, sender, checks)
    if (shared !== undefined) return loadShared(reader, shared)
    if (receiving !== undefined) return loadReceiving(reader, receiving, checks)
    throw new TransactionRejected('INVALID_ARGUMENT', 'an input of an unknown kind')
  })
  checkAfterRandom(program)
  const packages = new Set<string>()
  for (const command of program.commands) {
    checkCommand(command)
    packagesOf(command, packages)
  }
  return {inputs, gas, packages: [...packages].map((id) => loadPackage(reader, id))}
}

/** What a type is called, with the ids of the packages that defined its parts first. */
export function definingType(type: MoveType, reader: ObjectReader): MoveType | undefined {
  if (type.kind === 'vector') {
    const element = definingType(type.element, reader)
    return element === undefined ? undefined : {kind: 'vector', element}
  }
  if (type.kind !== 'datatype') return type
  const origin = reader.get(type.address)?.package?.typeOrigins.get(`${type.module}::${type.name}`)
  if (origin === undefined) return undefined
  const typeArgs: MoveType[] = []
  for (const argument of type.typeArgs) {
    const resolved = definingType(argument, reader)
    if (resolved === undefined) return undefined
    typeArgs.push(resolved)
  }
  return {...type, address: origin, typeArgs}
}
