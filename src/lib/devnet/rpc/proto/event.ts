import {bcs} from '@mysten/sui/bcs'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {MoveEvent} from '../../ledger/api.ts'
import type {Vm} from '../../vm/api.ts'
import type {ReadMask} from '../read-mask.ts'
import {typeToString} from './types.ts'
import {toProtoValue} from './values.ts'

/** Where an event lies in the ledger; set when it is delivered alone. */
export interface EventPlace {
  readonly checkpoint: bigint | undefined
  readonly transactionDigest: string
  readonly transactionIndex: bigint
  readonly eventIndex: number
}

/** The SDK parses events but does not export their BCS (facts/sui.md 4). */
const BcsEvent = bcs.struct('Event', {
  packageId: bcs.Address,
  transactionModule: bcs.string(),
  sender: bcs.Address,
  type: bcs.StructTag,
  contents: bcs.byteVector(),
})
const BcsEvents = bcs.struct('TransactionEvents', {data: bcs.vector(BcsEvent)})

/**
 * An event as the API writes it.
 * @param prefix where the event lies in the mask, with a dot at its end
 */
export function eventToProto(
  vm: Vm,
  event: MoveEvent,
  mask: Pick<ReadMask<object>, 'wants'>,
  prefix = '',
  place?: EventPlace,
): T.Event {
  const eventType = typeToString(event.type)
  const json = mask.wants(`${prefix}json`)
    ? toProtoValue(vm.toJson(event.type, vm.deserialize(event.type, event.contents)))
    : undefined
  return T.Event.create({
    packageId: event.packageId,
    module: event.module,
    sender: event.sender,
    eventType,
    contents: {name: eventType, value: event.contents},
    ...(json === undefined ? {} : {json}),
    ...place,
  })
}

/** All events of a transaction as the API writes them. */
export function eventsToProto(
  vm: Vm,
  events: readonly MoveEvent[],
  digest: string | undefined,
  mask: Pick<ReadMask<object>, 'wants'>,
  prefix: string,
): T.TransactionEvents {
  return T.TransactionEvents.create({
    ...(mask.wants(`${prefix}bcs`) ? {bcs: {name: 'TransactionEvents', value: eventsBytes(events)}} : {}),
    digest,
    events: events.map((event) => eventToProto(vm, event, mask, `${prefix}events.`)),
  })
}

function eventsBytes(events: readonly MoveEvent[]): Uint8Array {
  const data = events.map((event) => ({
    packageId: event.packageId,
    transactionModule: event.module,
    sender: event.sender,
    type: structTag(typeToString(event.type)),
    contents: event.contents,
  }))
  return BcsEvents.serialize({data}).toBytes()
}

function structTag(type: string): typeof bcs.StructTag.$inferInput {
  const bytes = bcs.TypeTag.serialize(type).toBytes()
  return bcs.StructTag.parse(bytes.subarray(1))
}
