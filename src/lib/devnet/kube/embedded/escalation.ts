import {forbidden, invalid} from './kube-error.ts'
import {authorize, boundRules, grants, type PolicyRule, rulesOf} from './rbac.ts'
import {type ResourceType} from './resources.ts'
import {type ObjectStore} from './store.ts'
import {digText, type KubeObject, type UserInfo} from './types.ts'

/**
 * Nobody grants more than he has, unless he has the verb `bind` or `escalate`: RBAC's own rule.
 * @throws KubeError 403, or 422 where a binding would change its role
 */
export function refuseEscalation(
  type: ResourceType,
  object: KubeObject,
  old: KubeObject | undefined,
  {store, user}: {store: ObjectStore; user: UserInfo},
): void {
  const isBinding = type.resource.endsWith('bindings')
  if (
    isBinding &&
    old !== undefined &&
    JSON.stringify(old['roleRef']) !== JSON.stringify(object['roleRef'])
  ) {
    throw invalid(type, object.metadata.name, 'roleRef', 'Invalid value: cannot change roleRef')
  }
  if (user.groups.includes('system:masters')) return
  const wanted = isBinding ? boundRules(store, object) : rulesOf(object)
  const owned = [...grants(store, user, object.metadata.namespace ?? '')].flatMap(({rules}) => rules)
  const anyway = {
    verb: isBinding ? 'bind' : 'escalate',
    group: type.group,
    resource: isBinding ? roleResource(object) : type.resource,
    namespace: object.metadata.namespace ?? '',
    name: isBinding ? (digText(object, 'roleRef', 'name') ?? '') : object.metadata.name,
  }
  if (authorize(store, user, anyway).allowed || wanted.every((rule) => covered(rule, owned))) return
  const who = `user "${user.username}" (groups=${JSON.stringify(user.groups)})`
  throw forbidden(
    type,
    object.metadata.name,
    `${who} is attempting to grant RBAC permissions not currently held`,
  )
}

function roleResource(binding: KubeObject): string {
  return digText(binding, 'roleRef', 'kind') === 'ClusterRole' ? 'clusterroles' : 'roles'
}

/** Whether one of the owned rules covers each single permission of a rule. */
function covered(rule: PolicyRule, owned: readonly PolicyRule[]): boolean {
  const has = (list: string[], value: string): boolean => list.includes('*') || list.includes(value)
  const names = rule.resourceNames.length === 0 ? [undefined] : rule.resourceNames
  return rule.verbs.every((verb) => {
    const urls = rule.nonResourceURLs.every((url) =>
      owned.some((own) => has(own.verbs, verb) && has(own.nonResourceURLs, url)),
    )
    const resources = rule.apiGroups.every((group) =>
      rule.resources.every((resource) =>
        names.every((name) =>
          owned.some(
            (own) =>
              has(own.verbs, verb) &&
              has(own.apiGroups, group) &&
              has(own.resources, resource) &&
              (own.resourceNames.length === 0 || (name !== undefined && own.resourceNames.includes(name))),
          ),
        ),
      ),
    )
    return urls && resources
  })
}
