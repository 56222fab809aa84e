/** What a view is of. */
export interface FreshViewOptions<T> {
  /** What was read at the start. */
  first: T
  read(): Promise<T>
  /** Unix time, ms. */
  now(): number
  /** Whether requests can go by it; one that cannot be used is read again at once, it may have changed. */
  usable(value: T): boolean
}

/** An object of the chain. */
export interface FreshView<T> {
  /** As it was at most 30 s ago. */
  get(): Promise<T>
  /** As it is now: for who has found out that it has changed. */
  again(): Promise<T>
}

/** How old a view may be, ms: after that a new key of the listener, a pause, a renewed seal is seen. */
const FRESH_MS = 30_000

/** An object of the chain, read again where it is older than 30 s; once for all who ask at the same time. */
export function createFreshView<T>({first, read, now, usable}: FreshViewOptions<T>): FreshView<T> {
  let view = {value: first, readAtMs: now()}
  let reading: Promise<T> | undefined
  const readAgain = async (): Promise<T> => {
    try {
      const value = await read()
      view = {value, readAtMs: now()}
      return value
    } finally {
      reading = undefined
    }
  }
  const again = (): Promise<T> => (reading ??= readAgain())

  return {
    async get() {
      return usable(view.value) && now() - view.readAtMs < FRESH_MS ? view.value : again()
    },
    again,
  }
}
