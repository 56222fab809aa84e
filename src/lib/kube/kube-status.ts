import {DaasError} from '../errors/daas-error.ts'

/** The HTTP status with which the Kubernetes API refused, or undefined where the error is of another kind. */
export function refusedStatus(error: unknown): number | undefined {
  if (!(error instanceof DaasError) || error.errorName !== 'KUBE_REFUSED') return undefined
  return typeof error.details?.status === 'number' ? error.details.status : undefined
}

/**
 * Waits for a call and takes some refusals for an outcome.
 * @param statuses for example 404 for a deletion that has happened before
 * @returns undefined where the API refused with one of them
 */
export async function unlessStatus<T>(call: Promise<T>, ...statuses: number[]): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (statuses.includes(refusedStatus(error) ?? 0)) return undefined
    throw error
  }
}

/** Does something again while others change the same object (409), at most five times. */
export async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 4; ; left--) {
    try {
      return await attempt()
    } catch (error) {
      if (left === 0 || refusedStatus(error) !== 409) throw error
    }
  }
}
