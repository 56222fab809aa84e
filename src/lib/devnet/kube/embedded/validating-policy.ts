import {type CelCompiler, toCel} from './cel.ts'
import {forbidden} from './kube-error.ts'
import {type NodeWrite} from './node-rules.ts'
import {apiVersionOf, findKind, resourceType} from './resources.ts'
import {labelSelectorObject} from './selectors.ts'
import {type ObjectStore} from './store.ts'
import {dig, digList, digText, type JsonObject, type KubeObject} from './types.ts'

/** A write as admission policies see it. */
export interface AdmissionRequest extends NodeWrite {
  readonly dryRun: boolean
}

const GROUP = 'admissionregistration.k8s.io'

/** HTTP codes of the reasons that a validation may give. */
const REASON_CODES: Record<string, number> = {
  Unauthorized: 401,
  Forbidden: 403,
  Invalid: 422,
  RequestEntityTooLarge: 413,
}

/**
 * Evaluates all ValidatingAdmissionPolicies that are bound and match.
 * @returns warnings for the client (`validationActions: [Warn]`)
 * @throws KubeError where a policy denies, with the policy's reason
 */
export function admitByPolicies(store: ObjectStore, cel: CelCompiler, request: AdmissionRequest): string[] {
  const warnings: string[] = []
  // As on a real server, policies do not judge policies: nobody can lock himself out.
  if (request.type.group === GROUP) return warnings
  for (const binding of store.list(resourceType('validatingadmissionpolicybindings', GROUP))) {
    const policyName = digText(binding, 'spec', 'policyName') ?? ''
    const policy = store.get(resourceType('validatingadmissionpolicies', GROUP), '', policyName)
    if (policy === undefined) continue
    if (!matches(store, dig(policy, 'spec', 'matchConstraints'), request)) continue
    const narrowed = dig(binding, 'spec', 'matchResources')
    if (narrowed !== undefined && !matches(store, narrowed, request)) continue
    const denial = evaluate(store, cel, policy, binding, request)
    if (denial === undefined) continue
    const actions = digList(binding, 'spec', 'validationActions')
    const what = `ValidatingAdmissionPolicy '${policyName}' with binding '${binding.metadata.name}'`
    if (actions.includes('Warn')) warnings.push(`Validation failed for ${what}: ${denial.message}`)
    if (actions.includes('Deny'))
      throw refusal(request, `${what} denied request: ${denial.message}`, denial.reason)
  }
  return warnings
}

interface Denial {
  readonly message: string
  readonly reason: string
}

function evaluate(
  store: ObjectStore,
  cel: CelCompiler,
  policy: KubeObject,
  binding: KubeObject,
  request: AdmissionRequest,
): Denial | undefined {
  const failClosed = digText(policy, 'spec', 'failurePolicy') !== 'Ignore'
  const failed = (message: string): Denial | undefined =>
    failClosed ? {message, reason: 'Invalid'} : undefined

  const variables = celVariables(store, request)
  for (const condition of digList(policy, 'spec', 'matchConditions')) {
    try {
      if (cel.compile(digText(condition, 'expression') ?? '')(variables) !== true) return undefined
    } catch (error) {
      return failed(`match condition "${digText(condition, 'name')}" failed: ${summary(error)}`)
    }
  }
  const found = findParams(store, policy, binding, request)
  if (found.problem !== undefined) return failed(found.problem)
  for (const params of found.params) {
    const denial = validate(cel, policy, {...variables, params: toCel(params)}, failed)
    if (denial !== undefined) return denial
  }
  return undefined
}

function validate(
  cel: CelCompiler,
  policy: KubeObject,
  variables: JsonObject,
  failed: (message: string) => Denial | undefined,
): Denial | undefined {
  const scope = {...variables, variables: lazyVariables(cel, policy, variables)}
  for (const validation of digList(policy, 'spec', 'validations')) {
    const expression = digText(validation, 'expression') ?? ''
    let result: unknown
    try {
      result = cel.compile(expression)(scope)
    } catch (error) {
      const denial = failed(`expression '${expression}' resulted in error: ${summary(error)}`)
      if (denial !== undefined) return denial
      continue
    }
    if (result === true) continue
    const reason = digText(validation, 'reason') ?? 'Invalid'
    return {message: messageOf(cel, validation, scope) ?? `failed expression: ${expression.trim()}`, reason}
  }
  return undefined
}

/** `variables.x` is evaluated when it is first asked for, and may use the ones before it. */
function lazyVariables(cel: CelCompiler, policy: KubeObject, variables: JsonObject): JsonObject {
  const lazy: JsonObject = {}
  for (const variable of digList(policy, 'spec', 'variables')) {
    const expression = digText(variable, 'expression') ?? ''
    Object.defineProperty(lazy, digText(variable, 'name') ?? '', {
      enumerable: true,
      get: () => cel.compile(expression)({...variables, variables: lazy}),
    })
  }
  return lazy
}

function messageOf(cel: CelCompiler, validation: unknown, scope: JsonObject): string | undefined {
  const expression = digText(validation, 'messageExpression')
  if (expression !== undefined) {
    try {
      const message = cel.compile(expression)(scope)
      if (typeof message === 'string' && message.trim() !== '' && !message.includes('\n')) return message
    } catch (error) {
      // A broken messageExpression falls back to the fixed message, as on a real server.
      if (!(error instanceof Error)) throw error
    }
  }
  return digText(validation, 'message')
}

function celVariables(store: ObjectStore, request: AdmissionRequest): JsonObject {
  const {type, user} = request
  const kind = {group: type.group, version: type.version, kind: type.kind}
  const resource = {group: type.group, version: type.version, resource: type.resource}
  const namespace =
    request.namespace === '' ? undefined : store.get(resourceType('namespaces'), '', request.namespace)
  return toCel({
    object: request.operation === 'DELETE' ? null : request.object,
    oldObject: request.oldObject ?? null,
    namespaceObject: namespace ?? null,
    request: {
      kind,
      resource,
      subResource: request.subresource,
      requestKind: kind,
      requestResource: resource,
      requestSubResource: request.subresource,
      name: request.name,
      // For a Namespace it is its own name, as on a real server.
      namespace: type.resource === 'namespaces' ? request.name : request.namespace,
      operation: request.operation,
      userInfo: {username: user.username, uid: user.uid ?? '', groups: user.groups, extra: user.extra ?? {}},
      dryRun: request.dryRun,
    },
  }) as JsonObject
}

/** The parameter objects of a binding; [null] where the policy has none. */
function findParams(
  store: ObjectStore,
  policy: KubeObject,
  binding: KubeObject,
  request: AdmissionRequest,
): {params: (KubeObject | null)[]; problem?: string} {
  const kind = dig(policy, 'spec', 'paramKind')
  const ref = dig(binding, 'spec', 'paramRef')
  if (kind === undefined || ref === undefined) return {params: [null]}
  const type = findKind(digText(kind, 'apiVersion') ?? '', digText(kind, 'kind') ?? '')
  if (type === undefined) {
    return {
      params: [],
      problem: `failed to configure policy: failed to find resource referenced by paramKind: '${digText(kind, 'apiVersion')}, Kind=${digText(kind, 'kind')}'`,
    }
  }
  const namespace = type.namespaced ? (digText(ref, 'namespace') ?? request.namespace) : ''
  if (type.namespaced && namespace === '') {
    return {
      params: [],
      problem:
        'failed to configure binding: cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
    }
  }
  const name = digText(ref, 'name')
  const selects = labelSelectorObject(dig(ref, 'selector'))
  const params =
    name === undefined
      ? store.list(type, namespace).filter((object) => selects(object.metadata.labels ?? {}))
      : [store.get(type, namespace, name)].filter((object) => object !== undefined)
  if (params.length > 0 || digText(ref, 'parameterNotFoundAction') === 'Allow') return {params}
  return {
    params: [],
    problem:
      'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  }
}

function matches(store: ObjectStore, constraints: unknown, request: AdmissionRequest): boolean {
  const rules = digList(constraints, 'resourceRules')
  if (rules.length > 0 && !rules.some((rule) => ruleMatches(rule, request))) return false
  if (digList(constraints, 'excludeResourceRules').some((rule) => ruleMatches(rule, request))) return false
  const objectSelector = dig(constraints, 'objectSelector')
  if (objectSelector !== undefined) {
    const selects = labelSelectorObject(objectSelector)
    const candidates = [request.object, request.oldObject].filter((object) => object !== undefined)
    if (!candidates.some((object) => selects(object.metadata.labels ?? {}))) return false
  }
  const namespaceSelector = dig(constraints, 'namespaceSelector')
  if (namespaceSelector !== undefined && request.namespace !== '') {
    const namespace = store.get(resourceType('namespaces'), '', request.namespace)
    if (!labelSelectorObject(namespaceSelector)(namespace?.metadata.labels ?? {})) return false
  }
  return true
}

function ruleMatches(rule: unknown, request: AdmissionRequest): boolean {
  const {type} = request
  const has = (field: string, value: string): boolean => {
    const list = digList(rule, field)
    return list.includes('*') || list.includes(value)
  }
  if (
    !has('apiGroups', type.group) ||
    !has('apiVersions', type.version) ||
    !has('operations', request.operation)
  ) {
    return false
  }
  const scope = digText(rule, 'scope') ?? '*'
  if (scope !== '*' && (scope === 'Namespaced') !== type.namespaced) return false
  const names = digList(rule, 'resourceNames')
  if (names.length > 0 && !names.includes(request.name)) return false
  return digList(rule, 'resources').some((wanted) => {
    const [resource, subresource] = String(wanted).split('/')
    if (resource !== '*' && resource !== type.resource) return false
    if (subresource === undefined) return request.subresource === ''
    return subresource === '*' || subresource === request.subresource
  })
}

function refusal(request: AdmissionRequest, message: string, reason: string): Error {
  const error = forbidden(request.type, request.name, message)
  const details = {...error.details, causes: [{message}]}
  return Object.assign(error, {reason, code: REASON_CODES[reason] ?? 422, details})
}

/** The first line of an error of the CEL library, which otherwise quotes the source. */
function summary(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}

/** Checks the expressions of a policy as it is written: `field` and `problem` of the first bad one. */
export function policyProblem(
  cel: CelCompiler,
  policy: KubeObject,
): {field: string; problem: string} | undefined {
  if (policy.apiVersion !== apiVersionOf(resourceType('validatingadmissionpolicies', GROUP))) return undefined
  for (const list of ['matchConditions', 'variables', 'validations']) {
    for (const [index, item] of digList(policy, 'spec', list).entries()) {
      const expression = digText(item, 'expression') ?? ''
      try {
        cel.compile(expression)
      } catch (error) {
        const problem = `Invalid value: ${JSON.stringify(expression)}: compilation failed: ${summary(error)}`
        return {field: `spec.${list}[${index}].expression`, problem}
      }
    }
  }
  return undefined
}
