import type {StopReason} from './supervise.ts'

/** How long something may go on. */
export interface UntilGone {
  /** Fires with the caller's signal, and as soon as the node has to end. */
  readonly signal: AbortSignal
  /** Why it has to end; undefined as long as it has not. */
  readonly reason: StopReason | undefined
}

/** Makes a signal of a node's end, for what is begun while it is still in. */
export function untilGone(gone: Promise<StopReason>, signal: AbortSignal): UntilGone {
  const cut = new AbortController()
  let reason: StopReason | undefined
  void gone.then((it) => {
    reason = it
    cut.abort()
  })
  return {
    signal: AbortSignal.any([signal, cut.signal]),
    get reason() {
      return reason
    },
  }
}
