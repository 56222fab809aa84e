/** Resolves when the signal fires: how a command of the foreground waits for Ctrl-C. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const {promise, resolve} = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve(), {once: true})
  // An AbortSignal alone does not keep the process alive.
  const alive = setInterval(() => undefined, 2 ** 30)
  return promise.finally(() => clearInterval(alive))
}
