/** Natives that only tests call: those of test_scenario, test_utils and the test-only parts of the framework. */
import {idValue} from '../../../src/lib/devnet/executor/values.ts'
import type {MoveType, OwnerTarget, StructValue, Value, VectorValue} from '../../../src/lib/devnet/vm/api.ts'
import {derivedId} from '../../../src/lib/devnet/vm/natives/objects.ts'
import {
  bytesOf,
  fieldOf,
  typeArg,
  type Native,
  type NativeContext,
  type NativeModules,
  type NativeTable,
} from '../../../src/lib/devnet/vm/natives/native.ts'
import {bytesValue} from '../../../src/lib/devnet/vm/types.ts'
import type {ScenarioEffects, ScenarioHost} from './scenario-host.ts'

const SUI = `0x${'2'.padStart(64, '0')}`
const SEED = new Uint8Array(32).fill(9)

const hostOf = ({host}: NativeContext): ScenarioHost => host as ScenarioHost
const idIn = (id: unknown): string => fieldOf(id as Value) as string
const of =
  (address: unknown) =>
  (owner: OwnerTarget): boolean =>
    owner.kind === 'address' && owner.address === address
const shared = (owner: OwnerTarget): boolean => owner.kind === 'shared'
const immutable = (owner: OwnerTarget): boolean => owner.kind === 'immutable'

const ids = (list: readonly string[]): VectorValue => ({elements: list.map(idValue)})
const option = (id: string | undefined): StructValue => ({fields: [ids(id === undefined ? [] : [id])]})
const latest = (context: NativeContext, type: MoveType, whose: (owner: OwnerTarget) => boolean): Value =>
  option(hostOf(context).idsOf(type, whose).at(-1))

/** `VecMap` of entries in their order. */
function vecMap(entries: readonly (readonly [Value, Value])[]): StructValue {
  return {fields: [{elements: entries.map(([key, value]) => ({fields: [key, value]}))}]}
}

function effectsValue(effects: ScenarioEffects): StructValue {
  const {created, written, deleted, toAccount, toObject, events} = effects
  const accounts = [...toAccount].map(([id, address]) => [idValue(id), address] as const)
  const objects = [...toObject].map(([id, parent]) => [idValue(id), idValue(parent)] as const)
  const lists = [ids(created), ids(written), ids(deleted), vecMap(accounts), vecMap(objects)]
  return {fields: [...lists, ids(effects.shared), ids(effects.frozen), BigInt(events)]}
}

const replace: Native = (context, args) => {
  const host = hostOf(context)
  const [sender, digest, epoch, epochTimestampMs, idCount, referenceGasPrice, gasPrice, gasBudget, sponsor] = args
  Object.assign(host.tx, {
    sender,
    digest: bytesOf(context, digest),
    epoch,
    epochTimestampMs,
    referenceGasPrice,
    gasPrice,
    gasBudget,
    sponsor: (sponsor as VectorValue).elements[0],
  })
  host.idCount = idCount as bigint
  return undefined
}

const modules: NativeModules = {
  test_scenario: {
    take_from_address_by_id: (context, [, account, id], typeArgs) =>
      hostOf(context).take(idIn(id), typeArg(typeArgs), of(account)),
    most_recent_id_for_address: (context, [account], typeArgs) => latest(context, typeArg(typeArgs), of(account)),
    ids_for_address: (context, [account], typeArgs) => ids(hostOf(context).idsOf(typeArg(typeArgs), of(account))),
    was_taken_from_address: (context, [account, id]) => hostOf(context).wasTaken(idIn(id), of(account)),
    take_immutable_by_id: (context, [, id], typeArgs) => hostOf(context).take(idIn(id), typeArg(typeArgs), immutable),
    most_recent_immutable_id: (context, _args, typeArgs) => latest(context, typeArg(typeArgs), immutable),
    was_taken_immutable: (context, [id]) => hostOf(context).wasTaken(idIn(id), immutable),
    take_shared_by_id: (context, [, id], typeArgs) => hostOf(context).take(idIn(id), typeArg(typeArgs), shared),
    most_recent_id_shared: (context, _args, typeArgs) => latest(context, typeArg(typeArgs), shared),
    was_taken_shared: (context, [id]) => hostOf(context).wasTaken(idIn(id), shared),
    allocate_receiving_ticket_for_object: (context, [id], typeArgs) =>
      hostOf(context).giveTicket(idIn(id), typeArg(typeArgs)),
    deallocate_receiving_ticket_for_object: (context, [id]) => void hostOf(context).takeTicketBack(idIn(id)),
    make_receiver: (_context, [id, version]) => ({fields: [id as Value, version as bigint]}),
    end_transaction: (context) => effectsValue(hostOf(context).endTransaction()),
  },
  test_utils: {create_one_time_witness: () => ({fields: [true]})},
  tx_context: {
    last_created_id: (context) => derivedId(context.host.tx.digest, context.host.idsCreated() - 1n),
    replace,
  },
  event: {
    num_events: (context) => hostOf(context).events.length,
    events_by_type: (context, _args, typeArgs) => ({elements: hostOf(context).eventsOf(typeArg(typeArgs))}),
  },
  random: {generate_rand_seed_for_testing: () => bytesValue(SEED)},
}

/** The natives of tests, by `0x…::module::function`. */
export const testNatives: NativeTable = new Map(
  Object.entries(modules).flatMap(([module, functions]) =>
    Object.entries(functions).map(([name, native]) => [`${SUI}::${module}::${name}`, native] as const),
  ),
)
