import {clusterErrors} from './catalogue/cluster.ts'
import {devnetErrors} from './catalogue/devnet.ts'
import {gatewayErrors} from './catalogue/gateway.ts'
import {k3sErrors} from './catalogue/k3s.ts'
import {kubeErrors} from './catalogue/kube.ts'
import {listenerErrors} from './catalogue/listener.ts'
import {sealErrors} from './catalogue/seal.ts'
import {stakeErrors} from './catalogue/stake.ts'
import {suiErrors} from './catalogue/sui.ts'
import {usageErrors} from './catalogue/usage.ts'
import type {ErrorDescriptor, PlacesOf} from './descriptor.ts'
import type {ExitCode} from './exit-codes.ts'

/** Every error that daas expects, by name. The only place errors come from. */
export const catalogue = {
  ...usageErrors,
  ...suiErrors,
  ...stakeErrors,
  ...sealErrors,
  ...kubeErrors,
  ...listenerErrors,
  ...gatewayErrors,
  ...k3sErrors,
  ...clusterErrors,
  ...devnetErrors,
} as const

/** The name of an error in the catalogue. */
export type ErrorName = keyof typeof catalogue

/** What the template of an error needs. */
export type ErrorPlaces<Name extends ErrorName> = Record<
  PlacesOf<(typeof catalogue)[Name]['message']> | PlacesOf<(typeof catalogue)[Name]['suggestions'][number]>,
  string | number | bigint
>

/** What else an error may carry: nothing in here is secret. */
export interface ErrorExtras {
  cause?: unknown
  /** Facts for machines, printed under `error.details` with --json. */
  details?: Record<string, unknown>
}

/** An expected failure: a code, an exit code, a sentence and the next step. */
export class DaasError extends Error {
  readonly errorName: ErrorName
  readonly code: string
  readonly exitCode: ExitCode
  readonly suggestions: string[]
  readonly details: Record<string, unknown> | undefined

  constructor(
    errorName: ErrorName,
    places: Record<string, string | number | bigint>,
    extras: ErrorExtras = {},
  ) {
    const descriptor: ErrorDescriptor = catalogue[errorName]
    super(fill(descriptor.message, places), extras.cause === undefined ? undefined : {cause: extras.cause})
    this.name = 'DaasError'
    this.errorName = errorName
    this.code = descriptor.code
    this.exitCode = descriptor.exit
    this.suggestions = descriptor.suggestions.map((suggestion) => fill(suggestion, places))
    this.details = extras.details
  }
}

/**
 * Makes an error of the catalogue.
 * @param name its name, for example `AMOUNT_INVALID`
 * @param places a value for each `{place}` of its sentence and suggestions
 * @example throw daasError('AMOUNT_INVALID', {amount: 'ten'})
 */
export function daasError<Name extends ErrorName>(
  name: Name,
  places: ErrorPlaces<Name>,
  extras: ErrorExtras = {},
): DaasError {
  return new DaasError(name, places, extras)
}

function fill(template: string, places: Record<string, string | number | bigint>): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole))
}
