/** When checkpoints are sealed: soon after transactions, and now and then without any. */

/** Streams of clients stay alive only when something comes (facts/sui.md 3.3). */
const IDLE_MS = 10_000
const IDLE_CHECK_MS = 1_000

/** A timer that does not keep the process alive. */
export class CheckpointClock {
  readonly #timer: NodeJS.Timeout
  #sealedAt = performance.now()

  /**
   * @param intervalMs ms between checkpoints while there are transactions; 0: the caller seals those itself
   */
  constructor(options: {intervalMs: number; pending: () => boolean; seal: () => unknown}) {
    const {intervalMs, pending, seal} = options
    this.#timer = setInterval(
      () => {
        if (pending() || performance.now() - this.#sealedAt >= IDLE_MS) seal()
      },
      intervalMs > 0 ? intervalMs : IDLE_CHECK_MS,
    )
    this.#timer.unref()
  }

  /** Tells the timer that a checkpoint was sealed. */
  sealed(): void {
    this.#sealedAt = performance.now()
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
