/** The exit codes of every command. They are a promise to scripts: docs/exit-codes.md is generated from here. */
export const ExitCode = {
  /** Done, or already so. */
  ok: 0,
  /** Unexpected: a bug in daas. */
  bug: 1,
  /** A flag, argument or configuration file is wrong, or input is needed and there is no terminal. */
  usage: 2,
  /** The user said no. */
  declined: 3,
  /** No key, identity or seal token, or it was rejected. */
  identity: 4,
  /** Checks failed, or the state shown is degraded. */
  degraded: 5,
  /** The chain refused: a Move abort, funds, gas. */
  chain: 6,
  /** The cluster or its listener refused: token, RBAC, node. */
  cluster: 7,
  /** An endpoint did not answer. */
  unavailable: 69,
  /** Timed out; work goes on, run again to resume. */
  timeout: 75,
  /** Unknown command. */
  unknownCommand: 127,
  /** Interrupted (128 + SIGINT). */
  interrupted: 130,
  /** Terminated (128 + SIGTERM). */
  terminated: 143,
} as const

/** One of the documented exit codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
