import {type Answer, type Api, type Call, timestamp} from './api.ts'
import {conflict} from './kube-error.ts'
import {listOf, selectorOf, shown} from './rest-read.ts'
import {type ResourceType} from './resources.ts'
import {admit, current, isDryRun, readBody} from './rest-common.ts'
import {dig, digList, digText, isJsonObject, type JsonObject, type KubeObject} from './types.ts'

/** DELETE of one object. */
export function deleteObject(call: Call): Answer {
  const object = current(call)
  return deleteChecked(call, object, deleteOptions(call))
}

/** DELETE of one object with given options (evictions bring their own). */
export function deleteChecked(call: Call, object: KubeObject, options: JsonObject): Answer {
  const {type} = call.request
  checkPreconditions(type, object, options)
  const {name, namespace = ''} = object.metadata
  const warnings = admit(call, {
    operation: 'DELETE',
    subresource: '',
    name,
    namespace,
    object: undefined,
    oldObject: object,
  })
  if (isDryRun(call)) return {status: 200, body: shown(call, object), warnings}
  const left = beginDelete(call.api, type, object, graceOf(call, object, options))
  if (left !== undefined) return {status: 200, body: shown(call, left), warnings}
  const details = {
    name,
    ...(type.group === '' ? {} : {group: type.group}),
    kind: type.resource,
    uid: object.metadata.uid,
  }
  return {
    status: 200,
    body: {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details},
    warnings,
  }
}

/** DELETE of all selected objects of a collection. */
export function deleteCollection(call: Call): Answer {
  const {api, request} = call
  const selected = api.store.list(request.type, request.namespace).filter(selectorOf(request))
  const options = deleteOptions(call)
  for (const object of selected) deleteChecked(call, object, options)
  return {status: 200, body: listOf(request.type, selected, {resourceVersion: String(api.store.version)})}
}

/**
 * Deletes an object, or marks it where something has to happen first: finalizers, the content of a namespace, the
 * grace period of a pod that is bound to a node.
 * @returns the marked object, or undefined where it is gone
 */
export function beginDelete(
  api: Api,
  type: ResourceType,
  object: KubeObject,
  graceSeconds: number,
): KubeObject | undefined {
  const {name, namespace = '', deletionTimestamp} = object.metadata
  const waits =
    (object.metadata.finalizers ?? []).length > 0 ||
    (type.resource === 'namespaces' && digList(object, 'spec', 'finalizers').length > 0) ||
    (type.resource === 'pods' && graceSeconds > 0 && digText(object, 'spec', 'nodeName') !== undefined)
  if (!waits) {
    api.store.remove(type, namespace, name)
    return undefined
  }
  if (deletionTimestamp !== undefined) return object
  const marked: KubeObject = {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp: timestamp(api.now() + graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
    },
  }
  if (type.resource === 'namespaces') marked['status'] = {phase: 'Terminating'}
  return api.store.put(type, marked)
}

/** Removes an object whose deletion was begun, once nothing holds it any more. */
export function removeIfFinal(api: Api, type: ResourceType, object: KubeObject): void {
  const {
    name,
    namespace = '',
    deletionTimestamp,
    deletionGracePeriodSeconds = 0,
    finalizers = [],
  } = object.metadata
  if (deletionTimestamp === undefined || finalizers.length > 0) return
  if (type.resource === 'namespaces' && digList(object, 'spec', 'finalizers').length > 0) return
  if (
    type.resource === 'pods' &&
    deletionGracePeriodSeconds > 0 &&
    dig(object, 'spec', 'nodeName') !== undefined
  )
    return
  api.store.remove(type, namespace, name)
}

function deleteOptions(call: Call): JsonObject {
  const body = call.body.length === 0 ? {} : readBody(call)
  return isJsonObject(body) ? body : {}
}

function graceOf({request}: Call, object: KubeObject, options: JsonObject): number {
  const asked = options['gracePeriodSeconds'] ?? request.query.get('gracePeriodSeconds')
  if (asked !== undefined && asked !== null) return Number(asked)
  if (request.type.resource !== 'pods') return 0
  return Number(dig(object, 'spec', 'terminationGracePeriodSeconds') ?? 30)
}

function checkPreconditions(type: ResourceType, object: KubeObject, options: JsonObject): void {
  const {name, uid, resourceVersion} = object.metadata
  const wantedUid = digText(options, 'preconditions', 'uid')
  if (wantedUid !== undefined && wantedUid !== uid) {
    throw conflict(
      type,
      name,
      `Precondition failed: UID in precondition: ${wantedUid}, UID in object meta: ${uid}`,
    )
  }
  const wantedVersion = digText(options, 'preconditions', 'resourceVersion')
  if (wantedVersion !== undefined && wantedVersion !== resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${wantedVersion}, ResourceVersion in object meta: ${resourceVersion}`
    throw conflict(type, name, why)
  }
}
