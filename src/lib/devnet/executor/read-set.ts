/** What a transaction was given, seen as a whole: what it reads, what of it is gone, which version it makes. */
import type {StoredObject} from '../ledger/api.ts'
import type {EndedInput, LoadedInputs} from './inputs.ts'

/** Every object that is there: gas coins first, then inputs in their order. */
export function readObjects({gas, inputs}: LoadedInputs): StoredObject[] {
  return [...gas, ...inputs.flatMap((input) => ('object' in input ? [input.object] : []))]
}

/** The shared objects that are gone. */
export function endedInputs({inputs}: LoadedInputs): EndedInput[] {
  return inputs.flatMap((input) => (input.kind === 'ended' ? [input] : []))
}

/** The version of everything that the transaction writes: one more than the highest it was given. */
export function lamportVersion(loaded: LoadedInputs): bigint {
  const given = readObjects(loaded).map(({version}) => version)
  const ended = endedInputs(loaded).map(({stream}) => stream.version)
  return 1n + [...given, ...ended].reduce((max, version) => (version > max ? version : max), 0n)
}

/** Objects that are read and cannot be changed. */
export function readOnlyObjects({inputs}: LoadedInputs): StoredObject[] {
  return inputs.flatMap((input) => (input.kind === 'object' && !input.mutable ? [input.object] : []))
}

/** Shared inputs that the effects name although they do not change, in their order. */
export function unchangedShared({inputs}: LoadedInputs): (StoredObject | EndedInput)[] {
  return inputs.flatMap((input): (StoredObject | EndedInput)[] => {
    if (input.kind === 'ended') return [input]
    const isRead = input.kind === 'object' && !input.mutable && input.object.owner.kind === 'shared'
    return isRead ? [input.object] : []
  })
}
