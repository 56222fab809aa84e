import type {GrpcTypes as T} from '@mysten/sui/grpc'
import type {LedgerTransaction, MoveEvent} from '../../ledger/api.ts'
import type {MoveType} from '../../vm/api.ts'
import {parseType, requireAddress, typeToString} from '../proto/types.ts'
import {RpcFailure, invalidField, lastStep, missingField} from '../status.ts'

/** Real nodes refuse larger filters. */
const maxLiterals = 10
const literalsField = 'filter.terms.literals'
const eventTypeField = 'event_type.event_type'

/** Says whether something passes. */
export type Predicate<Item> = (item: Item) => boolean

/**
 * Compiles a filter over events; none lets all pass.
 * @throws RpcFailure INVALID_ARGUMENT
 */
export function eventFilter(filter: T.EventFilter | undefined): Predicate<MoveEvent> {
  return disjunction(filter, eventPredicate)
}

/**
 * Compiles a filter over transactions; none lets all pass.
 * @throws RpcFailure INVALID_ARGUMENT
 */
export function transactionFilter(filter: T.TransactionFilter | undefined): Predicate<LedgerTransaction> {
  return disjunction(filter, transactionPredicate)
}

interface Literal {
  readonly negated: boolean
  readonly predicate: {oneofKind: string | undefined}
}

function disjunction<Item, Lit extends Literal>(
  filter: {terms: {literals: Lit[]}[]} | undefined,
  compile: (predicate: Lit['predicate']) => Predicate<Item>,
): Predicate<Item> {
  if (filter === undefined) return () => true
  const literals = filter.terms.reduce((sum, term) => sum + term.literals.length, 0)
  if (filter.terms.length === 0) throw missingField('filter.terms', 'at least one filter term is required')
  if (filter.terms.some((term) => term.literals.length === 0)) {
    throw missingField(literalsField, 'at least one literal is required')
  }
  if (literals > maxLiterals) {
    const text = `filter contains ${literals} literals; at most ${maxLiterals} are allowed`
    throw invalidField(literalsField, text)
  }
  const terms = filter.terms.map((term) =>
    term.literals.map((literal): Predicate<Item> => {
      const predicate = compile(literal.predicate)
      return literal.negated ? (item) => !predicate(item) : predicate
    }),
  )
  return (item) => terms.some((term) => term.every((predicate) => predicate(item)))
}

function eventPredicate(predicate: T.EventLiteral['predicate']): Predicate<MoveEvent> {
  switch (predicate.oneofKind) {
    case 'sender': {
      const sender = requireText(predicate.sender.address, 'sender.address')
      return (event) => event.sender === sender
    }
    case 'emitModule':
      return emitModule(predicate.emitModule.module)
    case 'eventType':
      return eventType(predicate.eventType.eventType)
    case 'eventStreamHead':
      throw noEventStreams()
    case undefined:
      throw missingField(literalsField, 'predicate variant is required')
  }
}

function transactionPredicate(predicate: T.TransactionLiteral['predicate']): Predicate<LedgerTransaction> {
  switch (predicate.oneofKind) {
    case 'sender': {
      const sender = requireText(predicate.sender.address, 'sender.address')
      return (transaction) => transaction.sender === sender
    }
    case 'affectedAddress': {
      const address = requireText(predicate.affectedAddress.address, 'affected_address.address')
      return (transaction) => affects(transaction, address)
    }
    case 'affectedObject': {
      const id = requireText(predicate.affectedObject.objectId, 'affected_object.object_id')
      return ({effects}) => effects.V2?.changedObjects.some(([objectId]) => objectId === id) ?? false
    }
    case 'moveCall':
      return moveCall(predicate.moveCall.function)
    case 'emitModule': {
      const matches = emitModule(predicate.emitModule.module)
      return (transaction) => transaction.events.some(matches)
    }
    case 'eventType': {
      const matches = eventType(predicate.eventType.eventType)
      return (transaction) => transaction.events.some(matches)
    }
    case 'packageWrite':
      return ({outputObjects}) => outputObjects.some((object) => object.package !== undefined)
    case 'eventStreamHead':
      throw noEventStreams()
    case undefined:
      throw missingField(literalsField, 'predicate variant is required')
  }
}

function noEventStreams(): RpcFailure {
  return new RpcFailure(
    'UNIMPLEMENTED',
    'the devnet has no authenticated event streams: it does not serve event_stream_head',
  )
}

function emitModule(text: string | undefined): Predicate<MoveEvent> {
  const [packageId, module] = path(text, 'emit_module.module', 2, 'package[::module]')
  return (event) => event.packageId === packageId && (module === undefined || event.module === module)
}

function moveCall(text: string | undefined): Predicate<LedgerTransaction> {
  const [packageId, module, name] = path(text, 'move_call.function', 3, 'package[::module[::function]]')
  return ({data}) =>
    data.V1.kind.ProgrammableTransaction?.commands.some(
      ({MoveCall: call}) =>
        call !== undefined &&
        call.package === packageId &&
        (module === undefined || call.module === module) &&
        (name === undefined || call.function === name),
    ) ?? false
}

/** The levels of a type: address, module, name of any instantiation, exact instantiation. */
function eventType(text: string | undefined): Predicate<MoveEvent> {
  if (text?.includes('<') === true) {
    const exact = typeToString(parseType(text, `${literalsField}.${eventTypeField}`))
    return (event) => typeToString(event.type) === exact
  }
  const [address, module, name] = path(text, eventTypeField, 3, 'address[::module[::Name[<type_params>]]]')
  return ({type}) => type.kind === 'datatype' && isUnder(type, address, module, name)
}

function isUnder(
  type: Extract<MoveType, {kind: 'datatype'}>,
  address: string | undefined,
  module: string | undefined,
  name: string | undefined,
): boolean {
  return (
    type.address === address &&
    (module === undefined || type.module === module) &&
    (name === undefined || type.name === name)
  )
}

/** The address that a literal must have. */
function requireText(text: string | undefined, field: string): string {
  const whole = `${literalsField}.${field}`
  if (text === undefined) throw missingField(whole, `${lastStep(field)} is required`)
  return requireAddress(text, whole)
}

/** An address and the names behind it. */
function path(text: string | undefined, field: string, most: number, form: string): (string | undefined)[] {
  const [address, ...names] = text?.split('::') ?? []
  if (names.length >= most || names.some((name) => !/^[A-Za-z_]\w*$/.test(name))) {
    throw invalidField(`${literalsField}.${field}`, `expected \`${form}\``)
  }
  return [requireText(address, field), ...names]
}

function affects(transaction: LedgerTransaction, address: string): boolean {
  const owned = [...transaction.inputObjects, ...transaction.outputObjects].filter(
    ({owner}) => owner.kind === 'address' && owner.address === address,
  )
  if (transaction.balanceChanges.some((change) => change.address === address)) return true
  if (owned.length === 0) return false
  const changed = new Set(transaction.effects.V2?.changedObjects.map(([id]) => id))
  return owned.some(({id}) => changed.has(id))
}
