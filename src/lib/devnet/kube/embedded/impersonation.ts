import {KubeError} from './kube-error.ts'
import {type Attributes, authorize} from './rbac.ts'
import {type ObjectStore} from './store.ts'
import {type UserInfo} from './types.ts'
import {withAuthenticatedGroup} from './users.ts'

/** Headers as Node gives them in `headersDistinct`: groups may contain commas, so they must not be joined. */
type Headers = Record<string, string[] | undefined>

const EXTRA = 'impersonate-extra-'

/**
 * Applies the `Impersonate-…` headers.
 * @param user who really asks, and must have the verb `impersonate` on each of the things named
 * @returns the user to act as: `user` itself where no header is set
 * @throws KubeError 403 where the user may not, 500 where groups come without a user (as Kubernetes answers)
 */
export function impersonate(store: ObjectStore, user: UserInfo, headers: Headers): UserInfo {
  const username = headerText(headers, 'impersonate-user')
  const groups = headerList(headers, 'impersonate-group')
  const uid = headerText(headers, 'impersonate-uid')
  const extra = Object.fromEntries(
    Object.keys(headers)
      .filter((name) => name.startsWith(EXTRA))
      .map((name) => [decodeURIComponent(name.slice(EXTRA.length)), headerList(headers, name)]),
  )
  if (username === undefined) {
    if (groups.length === 0 && uid === undefined && Object.keys(extra).length === 0) return user
    throw new KubeError(
      500,
      'InternalError',
      'Internal error occurred: requested impersonation without impersonating a user',
    )
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username)
  if (account) {
    mustHave(store, user, {resource: 'serviceaccounts', namespace: account[1]!, name: account[2]!})
  } else mustHave(store, user, {resource: 'users', name: username})
  for (const group of groups) mustHave(store, user, {resource: 'groups', name: group})
  if (uid !== undefined) mustHave(store, user, {group: 'authentication.k8s.io', resource: 'uids', name: uid})
  for (const [key, values] of Object.entries(extra)) {
    for (const value of values) {
      const what = {group: 'authentication.k8s.io', resource: 'userextras', subresource: key, name: value}
      mustHave(store, user, what)
    }
  }
  const implied = account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]!}`] : []
  return withAuthenticatedGroup({
    username,
    groups: groups.length > 0 ? groups : implied,
    ...(uid === undefined ? {} : {uid}),
    ...(Object.keys(extra).length === 0 ? {} : {extra}),
  })
}

function mustHave(store: ObjectStore, user: UserInfo, what: Omit<Attributes, 'verb'>): void {
  const attributes = {verb: 'impersonate', ...what}
  if (authorize(store, user, attributes).allowed) return
  const {resource = '', subresource, group = '', namespace, name} = attributes
  const full = subresource === undefined ? resource : `${resource}/${subresource}`
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const lead = group === '' ? resource : `${resource}.${group}`
  throw new KubeError(
    403,
    'Forbidden',
    `${lead} "${name}" is forbidden: User "${user.username}" cannot impersonate resource "${full}" in API group "${group}" ${where}`,
    {name, ...(group === '' ? {} : {group}), kind: resource},
  )
}

function headerText(headers: Headers, name: string): string | undefined {
  return headers[name]?.[0]
}

function headerList(headers: Headers, name: string): string[] {
  return headers[name] ?? []
}
