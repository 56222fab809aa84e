import {randomInt, randomUUID} from 'node:crypto'
import {type Answer, type Call, timestamp} from './api.ts'
import {alreadyExists, badRequest, forbidden, KubeError, notFound} from './kube-error.ts'
import {applyPatch, readPatch} from './patch.ts'
import {removeIfFinal} from './rest-delete.ts'
import {admit, current, isDryRun, readBody} from './rest-common.ts'
import {shown} from './rest-read.ts'
import {apiVersionOf, resourceType} from './resources.ts'
import {checkVersion, prepareCreate, prepareUpdate, specChanged, validateObject} from './strategy.ts'
import {dig, isJsonObject, type JsonObject, type KubeObject, type ObjectMeta} from './types.ts'

/** POST: creates an object. */
export function createObject(call: Call): Answer {
  return createFrom(call, readBody(call))
}

/** PUT: replaces an object or one of its subresources. */
export function updateObject(call: Call): Answer {
  const old = current(call)
  return store(call, asObject(call, readBody(call)), old)
}

/** PATCH; a server-side apply of what is not there creates it. */
export function patchObject(call: Call): Answer {
  const {api, request, contentType, body} = call
  const patch = readPatch(contentType, body.toString('utf8'))
  const old = api.store.get(request.type, request.namespace, request.name)
  if (old === undefined) {
    if (patch.mediaType !== 'application/apply-patch+yaml') throw notFound(request.type, request.name)
    return createFrom(call, patch.body)
  }
  const patched = asObject(call, applyPatch(old, patch))
  return store(call, patched, old)
}

function createFrom(call: Call, body: unknown): Answer {
  const {api, user, request} = call
  const {type, namespace} = request
  const object = asObject(call, body)
  const {metadata} = object
  if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created')
  if (!metadata.name && metadata.generateName) metadata.name = metadata.generateName + suffix()
  if (!metadata.name) {
    throw new KubeError(
      422,
      'Invalid',
      `${type.kind} "" is invalid: metadata.name: Required value: name or generateName is required`,
      {
        kind: type.kind,
        causes: [
          {
            reason: 'FieldValueRequired',
            message: 'Required value: name or generateName is required',
            field: 'metadata.name',
          },
        ],
      },
    )
  }
  requireNamespace(call, metadata.name)
  object.metadata = {
    ...metadata,
    uid: randomUUID(),
    creationTimestamp: timestamp(api.now()),
    ...('spec' in object ? {generation: 1} : {}),
  }
  delete object.metadata.deletionTimestamp
  const context = {store: api.store, cel: api.cel, user}
  prepareCreate(type, object, context)
  const warnings = admit(call, {
    operation: 'CREATE',
    subresource: '',
    name: metadata.name,
    namespace,
    object,
    oldObject: undefined,
  })
  validateObject(type, object, undefined, context)
  if (api.store.get(type, namespace, metadata.name) !== undefined) throw alreadyExists(type, metadata.name)
  const stored = isDryRun(call) ? object : api.store.put(type, object)
  return {status: 201, body: shown(call, stored), warnings}
}

function store(call: Call, object: KubeObject, old: KubeObject): Answer {
  const {api, user, request} = call
  const {type, namespace, name, subresource} = request
  checkVersion(type, object, old)
  prepareUpdate(type, object, old, subresource)
  object.metadata = {...object.metadata, ...keptMetadata(old)}
  if (old.metadata.generation !== undefined && specChanged(object, old)) {
    object.metadata.generation = old.metadata.generation + 1
  }
  const context = {store: api.store, cel: api.cel, user}
  const warnings = admit(call, {operation: 'UPDATE', subresource, name, namespace, object, oldObject: old})
  validateObject(type, object, old, context)
  if (isDryRun(call) || same(object, old))
    return {
      status: 200,
      body: shown(call, {
        ...object,
        metadata: {...object.metadata, resourceVersion: old.metadata.resourceVersion!},
      }),
      warnings,
    }
  const stored = api.store.put(type, object)
  removeIfFinal(api, type, stored)
  return {status: 200, body: shown(call, stored), warnings}
}

/** What an update cannot change. */
function keptMetadata(old: KubeObject): JsonObject {
  const {uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation, namespace} =
    old.metadata
  const kept = {uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation, namespace}
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined))
}

/** A body as an object of the requested kind, name and namespace. */
function asObject({request}: Call, body: unknown): KubeObject {
  const {type, name, namespace} = request
  if (!isJsonObject(body)) throw badRequest('the request body is no object')
  const apiVersion = apiVersionOf(type)
  if ((body['kind'] ?? type.kind) !== type.kind || (body['apiVersion'] ?? apiVersion) !== apiVersion) {
    const given = `${String(body['apiVersion'])}, Kind=${String(body['kind'])}`
    throw badRequest(`the object provided is unrecognized (must be of type ${type.kind}): got ${given}`)
  }
  const metadata = (isJsonObject(body['metadata']) ? body['metadata'] : {}) as unknown as ObjectMeta
  const object: KubeObject = structuredClone({...body, apiVersion, kind: type.kind, metadata})
  // Field ownership is not tracked: what a client sends of it is dropped.
  delete (object.metadata as unknown as JsonObject)['managedFields']
  if (name !== '' && (object.metadata.name ?? name) !== name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
    )
  }
  if (name !== '') object.metadata.name = name
  if (type.namespaced) {
    if ((object.metadata.namespace ?? namespace) !== namespace) {
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      )
    }
    object.metadata.namespace = namespace
  } else delete object.metadata.namespace
  return object
}

function requireNamespace({api, request}: Call, name: string): void {
  const {type, namespace} = request
  if (!type.namespaced) return
  if (namespace === '') throw badRequest('an empty namespace may not be set during creation')
  const namespaces = resourceType('namespaces')
  const found = api.store.get(namespaces, '', namespace)
  if (found === undefined) throw notFound(namespaces, namespace)
  if (dig(found, 'status', 'phase') === 'Terminating') {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`
    throw forbidden(type, name, why)
  }
}

function same(object: KubeObject, old: KubeObject): boolean {
  const plain = (value: KubeObject): string => {
    const {resourceVersion: _, ...metadata} = value.metadata
    return canonical({...value, metadata})
  }
  return plain(object) === plain(old)
}

/** JSON with sorted keys, for comparing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isJsonObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  )
}

/** Five characters of the alphabet that Kubernetes makes names of. */
function suffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  return Array.from({length: 5}, () => alphabet[randomInt(alphabet.length)]).join('')
}
