/** Values of objects that transactions only read: the Clock, clusters, what is frozen. */
import type {StoredObject} from '../ledger/api.ts'
import type {MoveType, Value, Vm} from '../vm/api.ts'

/**
 * Keeps the value of a version as long as the version itself is kept, so that it is read from its bytes once. Only for
 * places that can be neither taken nor borrowed mutably: all transactions see the same value.
 */
export class ReadOnlyValues {
  readonly #values = new WeakMap<StoredObject, Value>()

  /** The value of a version of an object; not to be changed. Throws VmError MALFORMED_VALUE. */
  get(vm: Vm, object: StoredObject, type: MoveType): Value {
    let value = this.#values.get(object)
    if (value === undefined) {
      value = vm.deserialize(type, object.contents)
      this.#values.set(object, value)
    }
    return value
  }
}
