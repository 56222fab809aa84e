/** One figure of a benchmark. */
export interface Figure {
  readonly bench: string
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the issue asks for; the figure is to be at least this, or at most when `most` is set. */
  readonly target?: number
  readonly most?: boolean
}

/** Prints a figure as a line of JSON: the runner gathers these. */
export function report(figure: Figure): void {
  process.stdout.write(`${JSON.stringify(figure)}\n`)
}

/** Heap in use after a collection, in bytes; run with --expose-gc for exact figures. */
export function heapBytes(): number {
  const {gc} = globalThis as {gc?: () => void}
  gc?.()
  const {heapUsed, arrayBuffers} = process.memoryUsage()
  return heapUsed + arrayBuffers
}
