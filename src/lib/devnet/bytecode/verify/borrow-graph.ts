/** Which references of a function borrow from which: a graph whose edges say along which path of fields. */

/** What an edge leads over: labels of a local and of fields. An exact one ends there, any other may go on from there. */
interface Edge {
  readonly exact: boolean
  readonly path: readonly string[]
}

interface Node {
  readonly mutable: boolean
  /** The references that borrow from this one, and how. */
  readonly lent: Map<number, Map<string, Edge>>
  /** Those that this one borrows from. */
  readonly from: Set<number>
}

/** Of more edges between two references it is only remembered that they may lead anywhere. */
const MOST_EDGES = 10

const keyOf = ({exact, path}: Edge): string => `${exact ? '=' : '~'}${path.join('/')}`
const begins = (path: readonly string[], start: readonly string[]): boolean =>
  start.every((label, index) => path[index] === label)
/** True if the first edge allows all that the second does. */
const covers = (edge: Edge, other: Edge): boolean =>
  keyOf(edge) === keyOf(other) || (!edge.exact && begins(other.path, edge.path))

export class BorrowGraph {
  readonly #nodes = new Map<number, Node>()

  isMutable(id: number): boolean {
    return this.#node(id).mutable
  }

  add(id: number, mutable: boolean): void {
    this.#nodes.set(id, {mutable, lent: new Map(), from: new Set()})
  }

  #node(id: number): Node {
    const node = this.#nodes.get(id)
    if (node === undefined) throw new RangeError(`no reference ${id}`)
    return node
  }

  #connect(parent: number, edge: Edge, child: number): void {
    const {lent} = this.#node(parent)
    const edges = lent.get(child) ?? new Map<string, Edge>()
    lent.set(child, edges)
    this.#node(child).from.add(parent)
    const isFull = edges.has('~') && edges.size === 1
    if (isFull) return
    edges.set(keyOf(edge), edge)
    if (edges.size <= MOST_EDGES) return
    edges.clear()
    edges.set('~', {exact: false, path: []})
  }

  /** A borrow of what is at a path or anywhere behind it. */
  borrowBehind(parent: number, child: number): void {
    this.#connect(parent, {exact: false, path: []}, child)
  }

  /** A borrow of what is at a path; those that were there and lead on behind it become borrows from the new one. */
  borrowAt(parent: number, path: readonly string[], child: number): void {
    const {lent} = this.#node(parent)
    for (const [borrower, edges] of [...lent]) {
      for (const [key, edge] of [...edges]) {
        if (!begins(edge.path, path)) continue
        edges.delete(key)
        this.#connect(child, {exact: edge.exact, path: edge.path.slice(path.length)}, borrower)
      }
      if (edges.size > 0) continue
      lent.delete(borrower)
      this.#node(borrower).from.delete(parent)
    }
    this.#connect(parent, {exact: true, path}, child)
  }

  /** Forgets a reference; who borrowed from it borrows from those that it borrowed from. */
  release(id: number): void {
    const {lent, from} = this.#node(id)
    this.#nodes.delete(id)
    for (const child of lent.keys()) this.#node(child).from.delete(id)
    for (const parent of from) {
      const above = this.#node(parent).lent
      const edges = above.get(id)!
      above.delete(id)
      for (const edge of edges.values()) {
        for (const [child, below] of lent) {
          // A cycle is not closed.
          if (child === parent) continue
          for (const next of below.values()) this.#connect(parent, append(edge, next), child)
        }
      }
    }
  }

  /**
   * True if a reference is borrowed from.
   * @param label only whole borrows and those of this field; undefined: of any; null: whole borrows only
   * @param mutableOnly only mutable ones count
   */
  isBorrowed(id: number, label: string | undefined | null, mutableOnly = false): boolean {
    for (const [child, edges] of this.#node(id).lent) {
      if (mutableOnly && !this.isMutable(child)) continue
      for (const {path} of edges.values()) {
        if (path.length === 0 || label === undefined || path[0] === label) return true
      }
    }
    return false
  }

  /** The same graph with other ids; those without a new one keep theirs. */
  renamed(ids: ReadonlyMap<number, number>): BorrowGraph {
    const name = (id: number): number => ids.get(id) ?? id
    const copy = new BorrowGraph()
    for (const [id, {mutable, lent, from}] of this.#nodes) {
      copy.#nodes.set(name(id), {
        mutable,
        lent: new Map([...lent].map(([child, edges]) => [name(child), new Map(edges)])),
        from: new Set([...from].map(name)),
      })
    }
    return copy
  }

  /** Takes over the edges of a graph of the same references. True if there were any that this one did not cover. */
  merge(other: BorrowGraph): boolean {
    let grew = false
    for (const [parent, {lent}] of other.#nodes) {
      for (const [child, edges] of lent) {
        for (const edge of edges.values()) {
          const own = this.#node(parent).lent.get(child)
          if (own !== undefined && [...own.values()].some((known) => covers(known, edge))) continue
          this.#connect(parent, edge, child)
          grew = true
        }
      }
    }
    return grew
  }
}

function append(edge: Edge, next: Edge): Edge {
  return edge.exact ? {exact: next.exact, path: [...edge.path, ...next.path]} : edge
}
