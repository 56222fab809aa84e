import jsonPatch, {type Operation} from 'fast-json-patch'
import {parse as parseYaml} from 'yaml'
import {badRequest, KubeError} from './kube-error.ts'
import {strategicMerge} from './strategic-merge.ts'
import {isJsonObject, type KubeObject} from './types.ts'

/** The patch types of Kubernetes by their media type. */
const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
] as const

/** A patch that was read, to be applied to the current object. */
export interface Patch {
  readonly mediaType: (typeof PATCH_TYPES)[number]
  readonly body: unknown
}

/**
 * Reads the body of a PATCH request.
 * @throws KubeError 415 for an unknown media type, 400 for a body that is no patch of its type
 */
export function readPatch(contentType: string, body: string): Patch {
  const mediaType = PATCH_TYPES.find((type) => contentType.split(';')[0]!.trim() === type)
  if (mediaType === undefined) {
    throw new KubeError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${PATCH_TYPES.join(', ')}`,
      {},
    )
  }
  let parsed: unknown
  try {
    parsed = mediaType === 'application/apply-patch+yaml' ? parseYaml(body) : JSON.parse(body)
  } catch (error) {
    throw badRequest(`error decoding patch: ${error instanceof Error ? error.message : String(error)}`)
  }
  const isList = Array.isArray(parsed)
  if (mediaType === 'application/json-patch+json' ? !isList : !isJsonObject(parsed)) {
    throw badRequest('error decoding patch: the body has the wrong shape for its content type')
  }
  return {mediaType, body: parsed}
}

/**
 * Applies a patch.
 * @param current the object before; not changed
 * @returns the patched copy, not validated
 * @throws KubeError 422 where a JSON patch does not apply
 */
export function applyPatch(current: KubeObject, patch: Patch): unknown {
  switch (patch.mediaType) {
    case 'application/json-patch+json':
      return jsonPatched(current, patch.body as Operation[])
    case 'application/merge-patch+json':
      return mergePatch(current, patch.body)
    // Server-side apply without field ownership: what is applied wins, what is left out stays.
    case 'application/apply-patch+yaml':
    case 'application/strategic-merge-patch+json':
      return strategicMerge(current, patch.body)
  }
}

/** RFC 7386: null removes, objects merge, all else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch
  const result = isJsonObject(target) ? {...target} : {}
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field]
    else result[field] = mergePatch(result[field], value)
  }
  return result
}

function jsonPatched(current: KubeObject, operations: Operation[]): unknown {
  try {
    return jsonPatch.applyPatch(structuredClone(current), operations, true, true).newDocument
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new KubeError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${reason}`,
      {},
    )
  }
}
