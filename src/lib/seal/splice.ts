import type {Duplex} from 'node:stream'

/** How many bytes went each way. */
export interface SpliceCount {
  /** From the near end to the far one. */
  in: number
  /** From the far end to the near one. */
  out: number
}

/** Which end closed first. */
export type SpliceEnd = 'near' | 'far'

/** After one end has closed, the other gets this long to take what is still on its way, ms. */
const LINGER_MS = 5000

/**
 * Joins two connections: what comes from one goes to the other, with the back-pressure of each. When either ends,
 * the other is ended once it has all that was sent; when either breaks, or the signal aborts, both are destroyed.
 * @param nearHead, farHead what was read from that end already
 * @param count counted while it runs
 * @returns which end closed first, when both are closed; never rejects
 */
export function splice(options: {
  near: Duplex
  far: Duplex
  nearHead?: Uint8Array
  farHead?: Uint8Array
  count: SpliceCount
  signal: AbortSignal
}): Promise<SpliceEnd> {
  const {near, far, nearHead, farHead, count, signal} = options
  return new Promise((resolve) => {
    let first: SpliceEnd | undefined
    let open = 2
    let linger: NodeJS.Timeout | undefined
    const destroy = (): void => {
      near.destroy()
      far.destroy()
    }
    const onEnd = (end: SpliceEnd): void => {
      first ??= end
      linger ??= setTimeout(destroy, LINGER_MS)
    }
    const onClose = (from: Duplex, to: Duplex, end: SpliceEnd): void => {
      first ??= end
      // What ended in order is being flushed by the pipe; what broke takes the other with it.
      if (!from.readableEnded) to.destroy()
      else onEnd(end)
      open -= 1
      if (open > 0) return
      clearTimeout(linger)
      signal.removeEventListener('abort', destroy)
      resolve(first)
    }

    for (const [from, to, end] of [
      [near, far, 'near'],
      [far, near, 'far'],
    ] as const) {
      from.on('error', () => from.destroy())
      from.once('end', () => onEnd(end))
      from.once('close', () => onClose(from, to, end))
      // One that closed before we looked closes no second time.
      if (from.closed) setImmediate(() => onClose(from, to, end))
    }

    near.on('data', (part: Buffer) => (count.in += part.length))
    far.on('data', (part: Buffer) => (count.out += part.length))
    if (nearHead?.length) near.unshift(nearHead)
    if (farHead?.length) far.unshift(farHead)
    near.pipe(far)
    far.pipe(near)
    signal.addEventListener('abort', destroy, {once: true})
    if (signal.aborted) destroy()
  })
}
