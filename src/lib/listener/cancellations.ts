import type {IncomingMessage} from 'node:http'
import {daasError, type DaasError} from '../errors/daas-error.ts'
import type {Journal} from './journal.ts'
import type {Pipeline} from './pipeline.ts'
import {checkSealToken} from './seal-check.ts'
import type {SealCheckDeps} from './seal-check.ts'

/** What cancelling needs. */
export interface CancellationsDeps extends SealCheckDeps {
  journal: Pick<Journal, 'cancellations' | 'requests'>
  pipeline: Pick<Pipeline, 'begun'>
}

/**
 * What became of it. cancelled: it will not be executed, its answer is 499. noted: it has not been seen yet, and will
 * not be executed when it comes. late: it has been begun or answered; nothing changes.
 */
export type CancelOutcome = 'cancelled' | 'noted' | 'late'

/** Cancels requests that nobody waits for any more. */
export interface Cancellations {
  /**
   * @param requestId 32 hex digits
   * @throws CANCEL_REFUSED, REGISTRATION_TOO_OFTEN, REGISTRATION_TOKEN_WRONG
   */
  cancel(request: Pick<IncomingMessage, 'headers'>, requestId: string, token: string): Promise<CancelOutcome>
}

/** How many cancellations of one seal are kept before their requests are seen or forgotten. */
const MOST_OF_A_SEAL = 4096

/**
 * Makes what cancels. A cancellation stands in the journal before it is confirmed, and the pipeline looks there right
 * before it begins a request: so it holds whether it comes before the event, after it, or before a restart.
 */
export function createCancellations(deps: CancellationsDeps): Cancellations {
  const {journal, pipeline, clock} = deps
  return {
    async cancel(request, requestId, token) {
      const refuse = (reason: string): DaasError => daasError('CANCEL_REFUSED', {reason})
      const seal = await checkSealToken(deps, request, token, refuse)
      const known = journal.requests.byId(requestId)
      const own = known.find((one) => one.seal === seal)
      if (own === undefined && known.length > 0) throw refuse('it was asked by another seal')
      if (own !== undefined && (own.state !== 'queued' || pipeline.begun(own.request))) return 'late'
      const isNew = !journal.cancellations.has({seal, requestId})
      if (isNew && journal.cancellations.count(seal) >= MOST_OF_A_SEAL) {
        throw daasError('REGISTRATION_TOO_OFTEN', {seconds: 60})
      }

      journal.cancellations.note({seal, requestId}, clock())
      return own === undefined ? 'noted' : 'cancelled'
    },
  }
}
