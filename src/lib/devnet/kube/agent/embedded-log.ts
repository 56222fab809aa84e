/** Writes the log of the agent in the two formats that k3s mixes. */
export interface AgentLog {
  /** logrus: `time="…" level=info msg="…"`. */
  logrus(level: 'info' | 'warning' | 'error' | 'fatal', message: string): void
  /** klog: `I1121 11:13:10.123456    1234 file.go:1] …`. */
  klog(severity: 'I' | 'E', source: string, message: string): void
}

/**
 * Makes a log.
 * @param write takes one line, with its newline
 * @param now ms
 */
export function agentLog(write: (line: string) => void, now: () => number): AgentLog {
  return {
    logrus(level, message) {
      const time = new Date(now()).toISOString().replace(/\.\d{3}Z$/, 'Z')
      write(`time="${time}" level=${level} msg=${JSON.stringify(message)}\n`)
    },
    klog(severity, source, message) {
      const time = new Date(now()).toISOString()
      const day = `${time.slice(5, 7)}${time.slice(8, 10)}`
      const pid = String(process.pid).padStart(7)
      write(`${severity}${day} ${time.slice(11, 23)}000 ${pid} ${source}] ${message}\n`)
    },
  }
}
