import {daasError} from '../errors/daas-error.ts'

/** The phases of a join, in their order. */
export const JOIN_PHASES = [
  'binary',
  'preflight',
  'identity',
  'register',
  'verify',
  'agent',
  'ready',
] as const

/** One of {@link JOIN_PHASES}. */
export type JoinPhase = (typeof JOIN_PHASES)[number]

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
