/** Time of processors since a moment: what a shared machine cannot falsify as it does the time of day. */
export interface CpuTimes {
  /** ms of the day. */
  readonly ms: number
  /** Microseconds of the thread that executes. */
  readonly threadUs: number
  /** Microseconds of the whole process: verification of signatures and collection of garbage included. */
  readonly processUs: number
}

/** Begins to measure; the result says what was used since. */
export function startCpu(): () => CpuTimes {
  const ms = performance.now()
  const thread = process.threadCpuUsage()
  const whole = process.cpuUsage()
  return () => {
    const t = process.threadCpuUsage(thread)
    const p = process.cpuUsage(whole)
    return {ms: performance.now() - ms, threadUs: t.user + t.system, processUs: p.user + p.system}
  }
}

/** The sum of two measurements. */
export function addCpu(a: CpuTimes, b: CpuTimes): CpuTimes {
  return {ms: a.ms + b.ms, threadUs: a.threadUs + b.threadUs, processUs: a.processUs + b.processUs}
}

/** Of nothing. */
export const NO_CPU: CpuTimes = {ms: 0, threadUs: 0, processUs: 0}
