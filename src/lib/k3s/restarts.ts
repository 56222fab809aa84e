/** How an agent that ends by itself is started again. */
export interface RestartPolicy {
  /** How often within the window, then no more. */
  readonly most: number
  readonly windowMs: number
  /** Before the first one, ms; it doubles each time. */
  readonly pauseMs: number
  readonly maxPauseMs: number
}

export const RESTARTS: RestartPolicy = {most: 5, windowMs: 600_000, pauseMs: 1000, maxPauseMs: 60_000}

/** Counts restarts. */
export interface RestartBudget {
  /** How many there were altogether. */
  readonly count: number
  /** @returns how long to wait before the next one, ms; undefined when there were too many */
  take(nowMs: number): number | undefined
}

/** Makes a budget; what lies further back than the window does not count, and the pause begins anew. */
export function createRestartBudget(policy: RestartPolicy = RESTARTS): RestartBudget {
  let recent: number[] = []
  let count = 0
  return {
    get count() {
      return count
    },
    take(nowMs) {
      recent = recent.filter((at) => at > nowMs - policy.windowMs)
      if (recent.length >= policy.most) return undefined
      const pauseMs = Math.min(policy.pauseMs * 2 ** recent.length, policy.maxPauseMs)
      recent.push(nowMs)
      count += 1
      return pauseMs
    },
  }
}
