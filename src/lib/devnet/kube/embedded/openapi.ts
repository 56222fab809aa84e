import {apiVersionOf, resourceTypes, type ResourceType} from './resources.ts'
import {type JsonObject} from './types.ts'

/**
 * `/openapi/v3`: where the document of each group is.
 * kubectl reads it before `create -f` and `apply`: it wants to know whether the server checks fields itself.
 */
export function openApiIndex(): JsonObject {
  const versions = [...new Set(resourceTypes.map(apiVersionOf))]
  const paths = versions.map((version) => {
    const path = version.includes('/') ? `apis/${version}` : `api/${version}`
    return [path, {serverRelativeURL: `/openapi/v3/${path}?hash=embedded`}] as const
  })
  return {paths: Object.fromEntries(paths)}
}

/**
 * `/openapi/v3/<path>`: the write operations of a group, without schemas.
 * @param path `api/v1` or `apis/<group>/<version>`
 * @returns undefined where there is no such group
 */
export function openApiDocument(path: string): JsonObject | undefined {
  const version = path.replace(/^apis?\//, '')
  const types = resourceTypes.filter((type) => apiVersionOf(type) === version)
  if (types.length === 0) return undefined
  return {
    openapi: '3.0.0',
    info: {title: 'daas embedded Kubernetes', version: 'v1.34.1+daas-embedded'},
    paths: Object.fromEntries(types.map((type) => [pathOf(path, type), {patch: patchOperation(type)}])),
  }
}

/**
 * `/openapi/v2` as protobuf: a document with a version and a title and no definitions, so that clients which insist
 * on it find nothing to check against. Fields by openapi_v2.Document: swagger = 1, info = 2 {title = 1, version = 2}.
 */
export function openApiV2(): Buffer {
  const info = Buffer.concat([text(1, 'daas embedded Kubernetes'), text(2, 'v1.34.1+daas-embedded')])
  return Buffer.concat([text(1, '2.0'), Buffer.from([0x12, info.length]), info])
}

function pathOf(prefix: string, type: ResourceType): string {
  return `/${prefix}/${type.namespaced ? 'namespaces/{namespace}/' : ''}${type.resource}/{name}`
}

function patchOperation(type: ResourceType): JsonObject {
  const query = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: {type: name === 'force' ? 'boolean' : 'string'},
  }))
  return {
    parameters: query,
    responses: {200: {description: 'OK'}},
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': {group: type.group, version: type.version, kind: type.kind},
  }
}

/** A length-delimited text field shorter than 128 bytes. */
function text(field: number, value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([(field << 3) | 2, bytes.length]), bytes])
}
