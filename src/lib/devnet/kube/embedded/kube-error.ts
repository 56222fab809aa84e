import {type JsonObject, type UserInfo} from './types.ts'
import {type ResourceType} from './resources.ts'

/** A refusal in Kubernetes' words: goes out as a `v1/Status` object. */
export class KubeError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: JsonObject | undefined
  readonly headers: Record<string, string>

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: JsonObject,
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.name = 'KubeError'
    this.code = code
    this.reason = reason
    this.details = details
    this.headers = headers
  }

  /** The `v1/Status` object of this refusal. */
  toStatus(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : {reason: this.reason}),
      ...(this.details === undefined ? {} : {details: this.details}),
      code: this.code,
    }
  }
}

/** The `resource.group` form of error messages: core resources have no group. */
export function qualified(type: ResourceType): string {
  return type.group === '' ? type.resource : `${type.resource}.${type.group}`
}

function about(type: ResourceType, name: string): JsonObject {
  return {
    ...(name === '' ? {} : {name}),
    ...(type.group === '' ? {} : {group: type.group}),
    kind: type.resource,
  }
}

/** 404 for a path that is no resource. */
export function pathNotFound(): KubeError {
  return new KubeError(404, 'NotFound', 'the server could not find the requested resource', {})
}

/** 404 for an object. */
export function notFound(type: ResourceType, name: string): KubeError {
  return new KubeError(404, 'NotFound', `${qualified(type)} "${name}" not found`, about(type, name))
}

/** 409 for a name that is taken. */
export function alreadyExists(type: ResourceType, name: string): KubeError {
  return new KubeError(409, 'AlreadyExists', `${qualified(type)} "${name}" already exists`, about(type, name))
}

/** 409 for a write that rests on an old version. */
export function conflict(type: ResourceType, name: string, why: string): KubeError {
  return new KubeError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${why}`,
    about(type, name),
  )
}

/** 403 for a rule other than authorization (admission). */
export function forbidden(type: ResourceType, name: string, why: string): KubeError {
  const subject = name === '' ? `${qualified(type)} is` : `${qualified(type)} "${name}" is`
  return new KubeError(403, 'Forbidden', `${subject} forbidden: ${why}`, about(type, name))
}

/** 422 for an object that breaks a rule of its kind. */
export function invalid(
  type: ResourceType,
  name: string,
  field: string,
  problem: string,
  reason = 'FieldValueInvalid',
): KubeError {
  const details = {...about(type, name), kind: type.kind, causes: [{reason, message: problem, field}]}
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`
  return new KubeError(422, 'Invalid', `${kind} "${name}" is invalid: ${field}: ${problem}`, details)
}

/** 400 for a request that cannot be read. */
export function badRequest(message: string): KubeError {
  return new KubeError(400, 'BadRequest', message)
}

/** 401, in the only words Kubernetes has for it. */
export function unauthorized(): KubeError {
  return new KubeError(401, 'Unauthorized', 'Unauthorized')
}

/** 405 for a verb that the resource does not know. */
export function methodNotAllowed(): KubeError {
  return new KubeError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  )
}

/** 410 for a version that has left the window of the watch cache. */
export function gone(message: string): KubeError {
  return new KubeError(410, 'Expired', message)
}

/** 403 for a path that is no resource, in RBAC's words. */
export function pathForbidden(user: UserInfo, verb: string, path: string): KubeError {
  return new KubeError(
    403,
    'Forbidden',
    `forbidden: User "${user.username}" cannot ${verb} path "${path}"`,
    {},
  )
}
