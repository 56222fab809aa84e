import {type Ca} from '../pki.ts'
import {type CelCompiler} from './cel.ts'
import {type ResourceRequest} from './request-info.ts'
import {type ObjectStore} from './store.ts'
import {type EmbeddedLogger, type JsonObject, type UserInfo} from './types.ts'
import {type AuthnContext} from './users.ts'

/** What the parts of one embedded API share. */
export interface Api extends AuthnContext {
  readonly store: ObjectStore
  readonly cel: CelCompiler
  readonly ca: Ca
  readonly logger: EmbeddedLogger
  /** ms since the epoch. */
  now(): number
}

/** One request for a resource, authenticated and authorized. */
export interface Call {
  readonly api: Api
  readonly user: UserInfo
  readonly request: ResourceRequest
  readonly contentType: string
  readonly accept: string
  readonly body: Buffer
}

/** What goes back. */
export interface Answer {
  readonly status: number
  readonly body: JsonObject
  /** Sent as `Warning` headers, which kubectl prints. */
  readonly warnings?: readonly string[]
}

/** The time as Kubernetes writes it: RFC 3339 in whole seconds. */
export function timestamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
