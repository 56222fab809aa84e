import {type BorrowGraph} from './borrow-graph.ts'
import {refuse} from './refusal.ts'
import type {FunctionView, ModuleView} from './view.ts'

/** A reference by its id in the graph, or a value. */
export type Slot = number | undefined

/** Between blocks a reference in a local has the number of the local as its id. */
export interface ReferenceState {
  readonly locals: readonly Slot[]
  readonly graph: BorrowGraph
}

/** What holds on both ways; the first, as it is, where the second adds nothing to it. */
export function joinStates(known: ReferenceState, other: ReferenceState): ReferenceState {
  const graph = known.graph.renamed(new Map())
  const otherGraph = other.graph.renamed(new Map())
  let changed = false
  const locals = known.locals.map((slot, index): Slot => {
    if (slot === other.locals[index]) return slot
    // The local has no value on one of the ways, so nobody can use it any more.
    if (slot === undefined) {
      otherGraph.release(other.locals[index]!)
    } else {
      graph.release(slot)
      changed = true
    }
    return undefined
  })
  return graph.merge(otherGraph) || changed ? {locals, graph} : known
}

/** One block while it is gone through. */
export class ReferenceCheck {
  readonly view: ModuleView
  readonly fn: FunctionView
  readonly graph: BorrowGraph
  readonly locals: Slot[]
  readonly frame: number
  #next: number
  at = 0
  readonly #stack: Slot[] = []

  constructor(view: ModuleView, fn: FunctionView, {locals, graph}: ReferenceState) {
    this.view = view
    this.fn = fn
    this.locals = [...locals]
    this.graph = graph.renamed(new Map())
    this.frame = fn.locals.length
    this.#next = this.frame + 1
  }

  /** The state behind the block. */
  state(): ReferenceState {
    const names = new Map<number, number>()
    this.locals.forEach((slot, index) => {
      if (slot !== undefined) names.set(slot, index)
    })
    return {
      locals: this.locals.map((slot, index) => (slot === undefined ? undefined : index)),
      graph: this.graph.renamed(names),
    }
  }

  push(...slots: readonly Slot[]): void {
    this.#stack.push(...slots)
  }

  pop(): Slot {
    return this.#stack.pop()
  }

  take(count: number): Slot[] {
    return count === 0 ? [] : this.#stack.splice(-count)
  }

  popReference(): number {
    return this.pop() ?? this.fail('TYPE_MISMATCH')
  }

  release(slot: Slot): void {
    if (slot !== undefined) this.graph.release(slot)
  }

  reference(mutable: boolean): number {
    const id = this.#next++
    this.graph.add(id, mutable)
    return id
  }

  fail(status: string): never {
    return refuse(status, `in ${this.fn.name}, at ${this.at}`)
  }

  /** Refuses if a condition holds. */
  deny(condition: boolean, status: string): void {
    if (condition) this.fail(status)
  }

  /** A mutable reference can be read where nobody can change what it refers to. */
  isUnreadable(id: number, field?: string): boolean {
    return this.graph.isMutable(id) && this.graph.isBorrowed(id, field, true)
  }

  isUnwritable(id: number): boolean {
    return this.graph.isBorrowed(id, undefined)
  }
}
