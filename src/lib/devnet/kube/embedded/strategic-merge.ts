import {isJsonObject, type JsonObject} from './types.ts'

/**
 * The lists that merge by a key, as the Go types of Kubernetes are tagged (`patchMergeKey`). Lists that are not
 * here are replaced as a whole: taints, tolerations, rules and subjects among them.
 */
const MERGE_KEYS: Record<string, readonly string[]> = {
  conditions: ['type'],
  addresses: ['type'],
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  env: ['name'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  ownerReferences: ['uid'],
  topologySpreadConstraints: ['topologyKey'],
  matchConditions: ['name'],
  // A container's ports merge by containerPort, a service's by port: the items tell which they are.
  ports: ['containerPort', 'port'],
}

/** Lists of plain values that are merged as sets. */
const SETS = new Set(['finalizers', 'podCIDRs'])

/**
 * Applies a strategic merge patch: like a merge patch, but lists of objects with a key are merged item by item.
 * Knows `$patch: delete|replace`, `$deleteFromPrimitiveList/…`, `$setElementOrder/…` and `$retainKeys`.
 * @param target what is there; not changed
 * @param patch the patch; not changed
 * @returns the patched copy
 */
export function strategicMerge(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch
  if (patch['$patch'] === 'replace') return without(patch, ['$patch'])
  if (patch['$patch'] === 'delete') return {}
  const result: JsonObject = isJsonObject(target) ? {...target} : {}
  const retain = patch['$retainKeys']
  if (Array.isArray(retain)) {
    for (const field of Object.keys(result)) if (!retain.includes(field)) delete result[field]
  }
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$deleteFromPrimitiveList/')) {
      const list = field.slice('$deleteFromPrimitiveList/'.length)
      const gone = Array.isArray(value) ? value : []
      if (Array.isArray(result[list])) result[list] = result[list].filter((item) => !gone.includes(item))
    } else if (field.startsWith('$')) {
      continue
    } else if (value === null) {
      delete result[field]
    } else if (Array.isArray(value)) {
      result[field] = mergeList(field, result[field], value, patch[`$setElementOrder/${field}`])
    } else if (isJsonObject(value)) {
      if (value['$patch'] === 'delete') delete result[field]
      else result[field] = strategicMerge(result[field], value)
    } else {
      result[field] = value
    }
  }
  for (const [directive, order] of Object.entries(patch)) {
    const field = directive.startsWith('$setElementOrder/') ? directive.slice('$setElementOrder/'.length) : ''
    if (field !== '' && patch[field] === undefined) result[field] = mergeList(field, result[field], [], order)
  }
  return result
}

function mergeList(field: string, target: unknown, patch: unknown[], order: unknown): unknown {
  const current = Array.isArray(target) ? target : []
  if (SETS.has(field)) return [...new Set([...current, ...patch])]
  const key = mergeKey(field, [...patch, ...current, ...(Array.isArray(order) ? order : [])])
  if (key === undefined) return patch.filter((item) => !isJsonObject(item) || item['$patch'] === undefined)
  if (patch.some((item) => isJsonObject(item) && item['$patch'] === 'replace')) {
    return patch.filter((item) => isJsonObject(item) && item['$patch'] === undefined)
  }
  let merged: unknown[] = [...current]
  for (const item of patch) {
    if (!isJsonObject(item)) continue
    const index = merged.findIndex((other) => isJsonObject(other) && other[key] === item[key])
    if (item['$patch'] === 'delete') merged = merged.filter((_, at) => at !== index)
    else if (index < 0) merged.push(strategicMerge({}, item))
    else merged[index] = strategicMerge(merged[index], item)
  }
  return Array.isArray(order) ? inOrder(merged, key, order) : merged
}

/** The merge key of a list: the first of its candidates that an item has. */
function mergeKey(field: string, items: unknown[]): string | undefined {
  return MERGE_KEYS[field]?.find((key) => items.some((item) => isJsonObject(item) && item[key] !== undefined))
}

function inOrder(items: unknown[], key: string, order: unknown[]): unknown[] {
  const keys = order.map((item) => (isJsonObject(item) ? item[key] : item))
  const place = (item: unknown): number => {
    const at = keys.indexOf(isJsonObject(item) ? item[key] : item)
    return at < 0 ? keys.length : at
  }
  return items.toSorted((left, right) => place(left) - place(right))
}

function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)))
}
