import {apiVersionOf, resourceTypes, type ResourceType} from './resources.ts'
import {type JsonObject} from './types.ts'

/** The media type of an aggregated discovery document. */
export const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

const groups = [...new Set(resourceTypes.map((type) => type.group))]

/** Whether a client asks for aggregated discovery (one document instead of one per group). */
export function wantsAggregated(accept: string): boolean {
  return accept
    .split(',')
    .some((part) => part.includes('as=APIGroupDiscoveryList') && /v=v2(?!\w)/.test(part))
}

/** The aggregated document of `/api` (core) or `/apis` (all else). */
export function aggregatedDiscovery(core: boolean): JsonObject {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups
      .filter((group) => (group === '') === core)
      .map((group) => ({
        metadata: {...(group === '' ? {} : {name: group}), creationTimestamp: null},
        versions: versionsOf(group).map((version) => ({
          version,
          resources: typesOf(group, version).map(aggregatedResource),
          freshness: 'Current',
        })),
      })),
  }
}

/** `/api`: the versions of the core group. */
export function coreVersions(): JsonObject {
  return {kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: []}
}

/** `/apis`: the named groups. */
export function groupList(): JsonObject {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.filter((group) => group !== '').map(apiGroup),
  }
}

/** `/apis/<group>`, or undefined where there is no such group. */
export function groupDocument(group: string): JsonObject | undefined {
  return group !== '' && groups.includes(group)
    ? {kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group)}
    : undefined
}

/** `/api/v1` and `/apis/<group>/<version>`, or undefined where there is none. */
export function resourceList(group: string, version: string): JsonObject | undefined {
  const types = typesOf(group, version)
  if (types.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({group, version}),
    resources: types.flatMap((type) => [
      {
        name: type.resource,
        singularName: type.singular,
        namespaced: type.namespaced,
        kind: type.kind,
        verbs: type.verbs,
        ...(type.shortNames.length > 0 ? {shortNames: type.shortNames} : {}),
        ...(type.categories.length > 0 ? {categories: type.categories} : {}),
      },
      ...type.subresources.map((subresource) => ({
        name: `${type.resource}/${subresource}`,
        singularName: '',
        namespaced: type.namespaced,
        ...subresourceKind(type, subresource),
        verbs: subresourceVerbs(subresource),
      })),
    ]),
  }
}

function versionsOf(group: string): string[] {
  return [...new Set(resourceTypes.filter((type) => type.group === group).map((type) => type.version))]
}

function typesOf(group: string, version: string): ResourceType[] {
  return resourceTypes.filter((type) => type.group === group && type.version === version)
}

function apiGroup(group: string): JsonObject {
  const versions = versionsOf(group).map((version) => ({groupVersion: `${group}/${version}`, version}))
  return {name: group, versions, preferredVersion: versions[0]}
}

function aggregatedResource(type: ResourceType): JsonObject {
  return {
    resource: type.resource,
    responseKind: {group: '', version: '', kind: type.kind},
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length > 0 ? {shortNames: type.shortNames} : {}),
    ...(type.categories.length > 0 ? {categories: type.categories} : {}),
    ...(type.subresources.length > 0
      ? {
          subresources: type.subresources.map((subresource) => ({
            subresource,
            responseKind: subresourceKind(type, subresource),
            verbs: subresourceVerbs(subresource),
          })),
        }
      : {}),
  }
}

function subresourceKind(
  type: ResourceType,
  subresource: string,
): {group: string; version: string; kind: string} {
  if (subresource === 'eviction') return {group: 'policy', version: 'v1', kind: 'Eviction'}
  if (subresource === 'token') return {group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest'}
  if (subresource === 'binding') return {group: '', version: 'v1', kind: 'Binding'}
  return {group: '', version: '', kind: type.kind}
}

function subresourceVerbs(subresource: string): string[] {
  if (['eviction', 'token', 'binding'].includes(subresource)) return ['create']
  if (subresource === 'log') return ['get']
  return subresource === 'finalize' ? ['update'] : ['get', 'patch', 'update']
}
