import {setTimeout as delay} from 'node:timers/promises'
import {isSameProcess, type ProcessMark} from './process-mark.ts'

/** How a process was ended. */
export type StopOutcome = 'gone' | 'stopped' | 'killed'

const POLL_MS = 50

/**
 * Ends a process that is not our child: SIGTERM, then after the grace SIGKILL, with its group where it leads one. A
 * process that only has the same id by now is left alone.
 * @param graceMs how long it may take to end by itself, ms
 * @returns `gone` where it had ended before
 */
export async function stopProcess(
  mark: ProcessMark,
  {graceMs, group, signal}: {graceMs: number; group: boolean; signal: AbortSignal},
): Promise<StopOutcome> {
  if (!(await isSameProcess(mark))) return 'gone'
  kill(mark.pid, 'SIGTERM')
  if (await endsWithin(mark, graceMs, signal)) return 'stopped'
  kill(group ? -mark.pid : mark.pid, 'SIGKILL')
  // A killed process is gone as soon as the kernel gets to it; one in a dead mount may never be.
  await endsWithin(mark, graceMs, signal)
  return 'killed'
}

async function endsWithin(mark: ProcessMark, ms: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + ms
  while (await isSameProcess(mark)) {
    if (performance.now() >= deadline) return false
    await delay(POLL_MS, undefined, {signal})
  }

  return true
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
