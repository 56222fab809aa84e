/** The time of a devnet, and when the Clock object must follow it. */
import type {StoredObject} from '../ledger/api.ts'
import {clockTime} from './system.ts'

/** The Clock follows at least so often while there are transactions: about as often as consensus commits. */
const COMMIT_MS = 50n

/** Time that can be moved on, and never goes back. */
export class DevnetTime {
  readonly #source: () => number
  #advanced = 0n
  #last = 0n
  #commitDue = true
  #moved = false

  /** @param source now in ms */
  constructor(source: () => number) {
    this.#source = source
  }

  /** Now in ms. */
  now(): bigint {
    const now = BigInt(Math.floor(this.#source())) + this.#advanced
    if (now > this.#last) this.#last = now
    return this.#last
  }

  /** How far time was moved on, ms. */
  get advancedMs(): bigint {
    return this.#advanced
  }

  /** Goes on where a chain stopped: as far moved on, and not before its last moment. */
  resume(advancedMs: bigint, lastMs: bigint): void {
    this.#advanced = advancedMs
    this.#last = lastMs
  }

  /** Moves time on; the Clock follows before the next transaction or checkpoint. */
  advance(ms: bigint): void {
    this.#advanced += ms
    this.#moved = true
  }

  /** The Clock was set. */
  clockSet(): void {
    this.#commitDue = false
    this.#moved = false
  }

  /** A checkpoint was sealed: the next transaction is in another commit. */
  checkpointSealed(): void {
    this.#commitDue = true
  }

  /** Must the Clock be set before a transaction? Yes in a new commit, and when it is far behind. */
  dueBeforeTransaction(clock: StoredObject): boolean {
    const behind = this.now() - clockTime(clock)
    return behind >= COMMIT_MS || (behind > 0n && (this.#commitDue || this.#moved))
  }

  /** Must the Clock be set before a checkpoint? Transactions have set it, unless time was moved since. */
  dueBeforeCheckpoint(clock: StoredObject, empty: boolean): boolean {
    return this.now() > clockTime(clock) && (empty || this.#moved)
  }
}
