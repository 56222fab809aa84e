import {parse as parseYaml} from 'yaml'
import {type Call} from './api.ts'
import {badRequest, KubeError, notFound} from './kube-error.ts'
import {restrictNode} from './node-rules.ts'
import {decodeProtobuf, PROTOBUF} from './protobuf.ts'
import {type KubeObject} from './types.ts'
import {type AdmissionRequest, admitByPolicies} from './validating-policy.ts'

/**
 * Reads the body of a write.
 * @throws KubeError 415 for another media type, 400 where it is no object
 */
export function readBody({contentType, body}: Pick<Call, 'contentType' | 'body'>): unknown {
  const mediaType = contentType.split(';')[0]!.trim()
  if (mediaType === PROTOBUF) return decodeProtobuf(body)
  if (
    !['', 'application/json', 'application/yaml', 'application/x-www-form-urlencoded'].includes(mediaType)
  ) {
    const accepted = `application/json, application/yaml, ${PROTOBUF}`
    const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`
    throw new KubeError(415, 'UnsupportedMediaType', message, {})
  }
  const text = body.toString('utf8')
  try {
    return mediaType === 'application/yaml' ? parseYaml(text) : JSON.parse(text)
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** Runs admission; returns the warnings of policies. */
export function admit(call: Call, admission: Omit<AdmissionRequest, 'user' | 'type' | 'dryRun'>): string[] {
  const {api, user, request} = call
  const full = {...admission, user, type: request.type, dryRun: isDryRun(call)}
  restrictNode(full)
  return admitByPolicies(api.store, api.cel, full)
}

/** Whether nothing is to be stored (`dryRun=All`). */
export function isDryRun({request}: Pick<Call, 'request'>): boolean {
  return request.query.getAll('dryRun').includes('All')
}

/** The object that a write is about. */
export function current({api, request}: Call): KubeObject {
  const old = api.store.get(request.type, request.namespace, request.name)
  if (old === undefined) throw notFound(request.type, request.name)
  return old
}
