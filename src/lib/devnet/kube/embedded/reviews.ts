import {type Answer, type Call} from './api.ts'
import {type Attributes, authorize, type Decision, grants, rulesOf} from './rbac.ts'
import {readBody} from './rest-common.ts'
import {dig, digList, digText, type JsonObject, type UserInfo} from './types.ts'
import {tokenUser, withAuthenticatedGroup} from './users.ts'

/** Reviews: questions in the form of objects, answered in their status and never stored. */
export function handleReview(call: Call): Answer {
  const {api, user, request} = call
  const {type, namespace} = request
  const body = readBody(call)
  const spec = dig(body, 'spec')
  const answer = (status: JsonObject): Answer => ({
    status: 201,
    body: {
      kind: type.kind,
      apiVersion: `${type.group}/${type.version}`,
      metadata: {creationTimestamp: null},
      ...(spec === undefined ? {} : {spec}),
      status,
    },
  })
  switch (type.kind) {
    case 'SelfSubjectAccessReview':
      return answer(toStatus(authorize(api.store, user, attributesOf(spec))))
    case 'SubjectAccessReview':
    case 'LocalSubjectAccessReview': {
      const attributes = attributesOf(spec)
      const scoped = type.namespaced ? {...attributes, namespace} : attributes
      return answer(toStatus(authorize(api.store, reviewedUser(spec), scoped)))
    }
    case 'SelfSubjectRulesReview':
      return answer(rulesStatus(call, digText(spec, 'namespace') ?? ''))
    case 'SelfSubjectReview':
      return answer({userInfo: userInfo(user)})
    default: {
      const found = tokenUser(api, digText(spec, 'token') ?? '')
      if (found === undefined) return answer({authenticated: false, error: 'invalid bearer token'})
      return answer({authenticated: true, user: userInfo(withAuthenticatedGroup(found))})
    }
  }
}

function attributesOf(spec: unknown): Attributes {
  const path = dig(spec, 'nonResourceAttributes')
  if (path !== undefined) return {verb: digText(path, 'verb') ?? '', path: digText(path, 'path') ?? ''}
  const resource = dig(spec, 'resourceAttributes')
  return {
    verb: digText(resource, 'verb') ?? '',
    group: digText(resource, 'group') ?? '',
    resource: digText(resource, 'resource') ?? '',
    subresource: digText(resource, 'subresource') ?? '',
    namespace: digText(resource, 'namespace') ?? '',
    name: digText(resource, 'name') ?? '',
  }
}

function reviewedUser(spec: unknown): UserInfo {
  return {
    username: digText(spec, 'user') ?? '',
    uid: digText(spec, 'uid') ?? '',
    groups: digList(spec, 'groups').map(String),
  }
}

function toStatus({allowed, reason}: Decision): JsonObject {
  return {allowed, ...(reason === '' ? {} : {reason})}
}

function userInfo(user: UserInfo): JsonObject {
  return {
    username: user.username,
    ...(user.uid === undefined ? {} : {uid: user.uid}),
    groups: user.groups,
    ...(user.extra === undefined ? {} : {extra: user.extra}),
  }
}

function rulesStatus({api, user}: Call, namespace: string): JsonObject {
  const everything = [{verbs: ['*'], apiGroups: ['*'], resources: ['*'], nonResourceURLs: ['*']}]
  const rules = user.groups.includes('system:masters')
    ? rulesOf({apiVersion: '', kind: '', metadata: {name: ''}, rules: everything})
    : [...grants(api.store, user, namespace)].flatMap((grant) => grant.rules)
  return {
    resourceRules: rules
      .filter((rule) => rule.resources.length > 0)
      .map(({nonResourceURLs: _, ...rule}) => withoutEmpty(rule)),
    nonResourceRules: rules
      .filter((rule) => rule.nonResourceURLs.length > 0)
      .map(({verbs, nonResourceURLs}) => ({verbs, nonResourceURLs})),
    incomplete: false,
  }
}

function withoutEmpty(rule: object): JsonObject {
  return Object.fromEntries(
    Object.entries(rule).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  )
}
