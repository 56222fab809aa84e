import {badRequest} from './kube-error.ts'
import {type ResourceType} from './resources.ts'
import {dig, digList, digText, isJsonObject, type KubeObject} from './types.ts'

/** Whether an object is selected. */
export type Selector = (object: KubeObject) => boolean

type LabelTest = (labels: Record<string, string>) => boolean

const LABEL_KEY = /^([a-z0-9A-Z.-]+\/)?[a-zA-Z0-9]([\w.-]*[a-zA-Z0-9])?$/

/**
 * Reads a label selector (`a=b,c!=d,e in (f,g),!h,i`).
 * @throws KubeError 400 where it cannot be read
 */
export function labelSelector(text: string): Selector {
  const tests = splitOutsideParentheses(text).map(labelTest)
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}))
}

/** The selector of a `LabelSelector` object (matchLabels, matchExpressions); an empty one selects all. */
export function labelSelectorObject(selector: unknown): (labels: Record<string, string>) => boolean {
  const wanted = dig(selector, 'matchLabels')
  const tests: LabelTest[] = Object.entries(isJsonObject(wanted) ? wanted : {}).map(
    ([name, value]) =>
      (labels) =>
        labels[name] === value,
  )
  for (const expression of digList(selector, 'matchExpressions')) {
    const name = digText(expression, 'key') ?? ''
    const values = digList(expression, 'values').map(String)
    switch (digText(expression, 'operator')) {
      case 'In':
        tests.push((labels) => labels[name] !== undefined && values.includes(labels[name]))
        break
      case 'NotIn':
        tests.push((labels) => labels[name] === undefined || !values.includes(labels[name]))
        break
      case 'Exists':
        tests.push((labels) => labels[name] !== undefined)
        break
      case 'DoesNotExist':
        tests.push((labels) => labels[name] === undefined)
        break
      default:
        throw badRequest(`"${digText(expression, 'operator') ?? ''}" is not a valid label selector operator`)
    }
  }
  return (labels) => tests.every((test) => test(labels))
}

function splitOutsideParentheses(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function labelTest(part: string): LabelTest {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part)
  if (set) {
    const name = labelKey(set[1]!)
    const values = set[3]!.split(',').map((value) => value.trim())
    if (set[2] === 'in') return (labels) => labels[name] !== undefined && values.includes(labels[name])
    return (labels) => labels[name] === undefined || !values.includes(labels[name])
  }
  const comparison = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(part)
  if (comparison) {
    const name = labelKey(comparison[1]!)
    const value = comparison[3]!
    return comparison[2] === '!=' ? (labels) => labels[name] !== value : (labels) => labels[name] === value
  }
  if (part.startsWith('!')) {
    const name = labelKey(part.slice(1).trim())
    return (labels) => labels[name] === undefined
  }
  const name = labelKey(part)
  return (labels) => labels[name] !== undefined
}

function labelKey(name: string): string {
  if (!LABEL_KEY.test(name)) throw badRequest(`unable to parse requirement: invalid label key "${name}"`)
  return name
}

/** The fields that can be selected by, besides metadata.name and metadata.namespace; real servers know no others. */
const FIELDS: Record<string, readonly string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  secrets: ['type'],
  namespaces: ['status.phase'],
  certificatesigningrequests: ['spec.signerName'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
}

/**
 * Reads a field selector (`metadata.name=a,status.phase!=Running`).
 * @throws KubeError 400 for a field that the resource cannot be selected by
 */
export function fieldSelector(type: ResourceType, text: string): Selector {
  const tests = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => fieldTest(type, part))
  return (object) => tests.every((test) => test(object))
}

/** The name that a field selector asks for (`metadata.name=x`), which authorization looks at. */
export function selectedName(text: string): string {
  const terms = text.split(',').map((part) => /^metadata\.name==?([^=]+)$/.exec(part)?.[1])
  return terms.find((name) => name !== undefined) ?? ''
}

function fieldTest(type: ResourceType, part: string): Selector {
  const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part)
  if (!match) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`)
  const [, field, operator, value] = match as unknown as [string, string, string, string]
  const known = [
    'metadata.name',
    ...(type.namespaced ? ['metadata.namespace'] : []),
    ...(FIELDS[type.resource] ?? []),
  ]
  if (!known.includes(field)) throw badRequest(`field label not supported: ${field}`)
  const path = field.split('.')
  return (object) => {
    const found = dig(object, ...path)
    const actual =
      found === undefined || found === null ? (field === 'spec.unschedulable' ? 'false' : '') : String(found)
    return (actual === value) === (operator !== '!=')
  }
}
