/**
 * The rule for `entry` functions that are not public (sui-adapter, typing/verify): none of their arguments may hang
 * together with a hot potato, so that nobody can make them part of what another package wants to see finished. Values
 * that one command uses hang together for ever; a set of them is hot while it holds a value that can neither be
 * dropped nor stored, and always after a shared object was taken by value in it.
 */
import {argumentFailure} from './failure.ts'

/** A set of values that hang together: its own, or the one it was joined to. */
interface Clique {
  into: Clique | undefined
  potatoes: number
  alwaysHot: boolean
}

function rootOf(clique: Clique): Clique {
  let root = clique
  while (root.into !== undefined) root = root.into
  return root
}

/** What hangs together in one transaction. Places of values are told apart by identity. */
export class Entanglement {
  readonly #places = new Map<object, {readonly clique: Clique; readonly isPotato: boolean}>()
  #used: {readonly index: number; readonly clique: Clique}[] = []

  /** Begins a command. */
  begin(): void {
    this.#used = []
  }

  /**
   * An argument of the command uses a place.
   * @param moved it takes the value away
   */
  use(place: object, index: number, moved: boolean): void {
    let known = this.#places.get(place)
    if (known === undefined) {
      known = {clique: {into: undefined, potatoes: 0, alwaysHot: false}, isPotato: false}
      this.#places.set(place, known)
    }
    if (moved && known.isPotato) rootOf(known.clique).potatoes -= 1
    this.#used.push({index, clique: known.clique})
  }

  /** Fails with the first argument of the command that hangs together with a hot potato. */
  checkPrivateEntry(): void {
    for (const {index, clique} of this.#used) {
      const {potatoes, alwaysHot} = rootOf(clique)
      if (alwaysHot || potatoes > 0) throw argumentFailure(index, 'InvalidArgumentToPrivateEntryFunction')
    }
  }

  /**
   * Ends a command: what it used and what it gave hang together.
   * @param results the places of what it gave
   * @param tookShared it took a shared object by value
   */
  end(results: readonly {readonly place: object; readonly isPotato: boolean}[], tookShared: boolean): void {
    const joined: Clique = {into: undefined, potatoes: 0, alwaysHot: tookShared}
    for (const {clique} of this.#used) {
      const root = rootOf(clique)
      if (root === joined) continue
      joined.potatoes += root.potatoes
      joined.alwaysHot ||= root.alwaysHot
      root.into = joined
    }
    for (const {place, isPotato} of results) {
      if (isPotato) joined.potatoes += 1
      this.#places.set(place, {clique: joined, isPotato})
    }
  }
}
