/** What the operand stack and the locals hold: values and references. */
import type {Cell, StructValue, Value, VariantValue, VectorValue} from './api.ts'

/** A place to read from and write to: a slot of locals, of fields, of a vector; or a cell of the host. */
export class Ref {
  readonly slots: Slot[]
  readonly index: number
  readonly cell: Cell | undefined

  constructor(slots: Slot[], index: number, cell?: Cell) {
    this.slots = slots
    this.index = index
    this.cell = cell
  }

  /** What is in the place, not copied. */
  read(): Value {
    return this.cell === undefined ? (this.slots[this.index] as Value) : this.cell.value
  }

  /** Puts a value into the place. */
  write(value: Value): void {
    if (this.cell === undefined) this.slots[this.index] = value
    else this.cell.value = value
  }
}

/** A value or a reference to one. */
export type Slot = Value | Ref

const NO_SLOTS: Slot[] = []

/** A reference to what a cell of the host holds. */
export function refToCell(cell: Cell): Ref {
  return new Ref(NO_SLOTS, 0, cell)
}

/** Equality as in Move: deep, references by what they refer to. */
export function equalSlots(left: Slot, right: Slot): boolean {
  const a = left instanceof Ref ? left.read() : left
  const b = right instanceof Ref ? right.read() : right
  if (typeof a !== 'object' || typeof b !== 'object') return a === b
  if ('elements' in a) return equalLists(a.elements, (b as VectorValue).elements)
  if ('tag' in a && a.tag !== (b as VariantValue).tag) return false
  return equalLists(a.fields, (b as StructValue).fields)
}

function equalLists(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length && left.every((item, index) => equalSlots(item, right[index]!))
}
