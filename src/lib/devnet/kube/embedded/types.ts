/** The metadata of a Kubernetes object, as far as the embedded API looks at it. */
export interface ObjectMeta {
  name: string
  namespace?: string
  generateName?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: {apiVersion: string; kind: string; name: string; uid: string}[]
}

/** Any Kubernetes object: the embedded API stores what it is given. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  [field: string]: unknown
}

/** A JSON object of unknown shape. */
export type JsonObject = Record<string, unknown>

/** Who asks: the outcome of authentication. */
export interface UserInfo {
  readonly username: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** What the embedded API needs to log; pino loggers fit. */
export interface EmbeddedLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** Whether a value is a JSON object (no array, no null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path of field names, or undefined where the path ends early. */
export function dig(value: unknown, ...path: string[]): unknown {
  let current = value
  for (const field of path) {
    if (!isJsonObject(current)) return undefined
    current = current[field]
  }
  return current
}

/** The list at a path, or an empty one. */
export function digList(value: unknown, ...path: string[]): unknown[] {
  const found = dig(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The text at a path, or undefined. */
export function digText(value: unknown, ...path: string[]): string | undefined {
  const found = dig(value, ...path)
  return typeof found === 'string' ? found : undefined
}
