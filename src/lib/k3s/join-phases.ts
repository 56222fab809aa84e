import {daasError} from '../errors/daas-error.ts'

/** The phases of a join, in their order. */
export const JOIN_PHASES = [
  'binary',
  'preflight',
  'stake',
  'seal',
  'register',
  'verify',
  'agent',
  'ready',
] as const

/** One of {@link JOIN_PHASES}. */
export type JoinPhase = (typeof JOIN_PHASES)[number]

/** All of them: what runs where nothing else is said. */
export const ALL_PHASES: ReadonlySet<JoinPhase> = new Set(JOIN_PHASES)

/** What a join tells its caller while it runs. */
export interface JoinProgress {
  readonly phase: JoinPhase
  readonly status: 'start' | 'detail' | 'done' | 'skipped'
  /** One line, nothing secret. */
  readonly detail?: string
}

/**
 * Which phases are to run. Without `agent` there is nothing to wait for, so `ready` goes with it.
 * @param choice `only` these where any are named, but for those in `skip`
 * @throws USAGE for a name that is none
 */
export function selectPhases(choice: {
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
}): ReadonlySet<JoinPhase> {
  const {only = [], skip = []} = choice
  const unknown = [...only, ...skip].find((name) => !JOIN_PHASES.includes(name as JoinPhase))
  if (unknown !== undefined) {
    throw daasError('USAGE', {reason: `${unknown} is no phase of a join: ${JOIN_PHASES.join(', ')}`})
  }

  const wanted = new Set(
    JOIN_PHASES.filter((name) => (only.length === 0 || only.includes(name)) && !skip.includes(name)),
  )
  if (!wanted.has('agent')) wanted.delete('ready')
  return wanted
}

/** Runs one phase, or what stands in for it where it is not wanted. */
export type RunPhase = <T, Other = T>(
  name: JoinPhase,
  run: () => Promise<T>,
  say: (value: T) => string,
  instead?: () => Promise<Other>,
) => Promise<T | Other>

/** Runs phases that are wanted, tells of each, and stops between two of them when the signal fires. */
export function phaseRunner(
  {signal, onProgress}: {readonly signal: AbortSignal; readonly onProgress: (event: JoinProgress) => void},
  phases: ReadonlySet<JoinPhase>,
): RunPhase {
  return async (name, run, say, instead) => {
    signal.throwIfAborted()
    if (!phases.has(name) && instead) {
      onProgress({phase: name, status: 'skipped'})
      return instead()
    }

    onProgress({phase: name, status: 'start'})
    const value = await run()
    onProgress({phase: name, status: 'done', detail: say(value)})
    return value
  }
}
