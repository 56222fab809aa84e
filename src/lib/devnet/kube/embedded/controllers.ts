import {randomUUID} from 'node:crypto'
import {type Api, timestamp} from './api.ts'
import {beginDelete} from './rest-delete.ts'
import {resourceType, type ResourceType} from './resources.ts'
import {csrType, processCsr} from './signer.ts'
import {type StoreEvent} from './store.ts'
import {dig, digList, digText, isJsonObject, type KubeObject} from './types.ts'
import {bootstrapTokenExpired} from './users.ts'

/** A Node whose Lease is older than this is no longer known to be ready (node-monitor-grace-period), ms. */
const NODE_GRACE_MS = 50_000
/** How often expired tokens and silent nodes are looked for, ms. */
const SWEEP_MS = 2_000
/** How long a pod that is bound to a node stays Terminating: no kubelet runs containers here, so nothing is waited for. */
const POD_STOP_MS = 1_000

const namespaces = resourceType('namespaces')
const pods = resourceType('pods')
const nodes = resourceType('nodes')
const leases = resourceType('leases', 'coordination.k8s.io')

/**
 * Starts the few control loops that clients depend on: content of new and deleted namespaces, garbage collection by
 * owner, pods' end, kubelets' certificates, expired bootstrap tokens, nodes that fell silent.
 * @param signal ends them
 */
export function startControllers(api: Api, signal: AbortSignal): void {
  const timers = new Set<NodeJS.Timeout>()
  const later = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timers.add(timer)
  }
  const react = (event: StoreEvent): void => {
    // Reactions come after the write that caused them is answered.
    later(0, () => reconcile(api, event, later))
  }
  const unsubscribe = api.store.subscribe(react)
  const sweep = setInterval(() => {
    cleanTokens(api)
    judgeNodes(api)
  }, SWEEP_MS)
  signal.addEventListener(
    'abort',
    () => {
      unsubscribe()
      clearInterval(sweep)
      timers.forEach(clearTimeout)
    },
    {once: true},
  )
}

function reconcile(api: Api, event: StoreEvent, later: (ms: number, work: () => void) => void): void {
  const {type, object, change} = event
  const {name, namespace = '', deletionTimestamp} = object.metadata
  if (change === 'DELETED') {
    collectGarbage(api, object)
    const home = api.store.get(namespaces, '', namespace)
    if (home?.metadata.deletionTimestamp !== undefined) emptyNamespace(api, home)
    else if (home !== undefined) fillNamespace(api, namespace)
    return
  }
  if (type === namespaces) {
    if (deletionTimestamp !== undefined) emptyNamespace(api, object)
    else if (change === 'ADDED') fillNamespace(api, name)
  }
  if (type === pods && deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).length === 0) {
    later(POD_STOP_MS, () => {
      if (api.store.get(pods, namespace, name)?.metadata.uid === object.metadata.uid) {
        api.store.remove(pods, namespace, name)
      }
    })
  }
  if (type === csrType) {
    processCsr(api, name).catch((error: unknown) =>
      api.logger.warn({err: error, csr: name}, 'signing failed'),
    )
  }
}

/** What every namespace has: a default service account and the CA of the cluster. */
function fillNamespace(api: Api, namespace: string): void {
  ensure(api, resourceType('serviceaccounts'), namespace, 'default', {})
  ensure(api, resourceType('configmaps'), namespace, 'kube-root-ca.crt', {data: {'ca.crt': api.ca.certPem}})
}

/** Writes an object that the cluster itself owns, unless it is there. */
export function ensure(api: Api, type: ResourceType, namespace: string, name: string, fields: object): void {
  if (api.store.get(type, namespace, name) !== undefined) return
  const metadata = {
    name,
    ...(type.namespaced ? {namespace} : {}),
    uid: randomUUID(),
    creationTimestamp: timestamp(api.now()),
  }
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`
  const {labels, ...rest} = fields as {labels?: Record<string, string>}
  api.store.put(type, {
    apiVersion,
    kind: type.kind,
    metadata: {...metadata, ...(labels ? {labels} : {})},
    ...rest,
  })
}

/** Deletes what is in a terminating namespace, and the namespace once it is empty. */
function emptyNamespace(api: Api, namespace: KubeObject): void {
  const {name} = namespace.metadata
  let left = 0
  for (const {type, object} of api.store.everything()) {
    if (object.metadata.namespace !== name) continue
    if (beginDelete(api, type, object, 0) !== undefined) left += 1
  }
  if (left === 0 && (namespace.metadata.finalizers ?? []).length === 0) api.store.remove(namespaces, '', name)
}

/** Deletes what a deleted object owned, unless it has another owner that still lives. */
function collectGarbage(api: Api, owner: KubeObject): void {
  const {uid} = owner.metadata
  if (uid === undefined) return
  const dependents = [...api.store.everything()].filter(({object}) =>
    object.metadata.ownerReferences?.some((reference) => reference.uid === uid),
  )
  if (dependents.length === 0) return
  const living = new Set([...api.store.everything()].map(({object}) => object.metadata.uid))
  for (const {type, object} of dependents) {
    if (!object.metadata.ownerReferences?.some((reference) => living.has(reference.uid))) {
      beginDelete(api, type, object, 0)
    }
  }
}

/** Deletes bootstrap tokens that are past their expiration. */
function cleanTokens(api: Api): void {
  const secrets = resourceType('secrets')
  for (const secret of api.store.list(secrets, 'kube-system')) {
    if (secret['type'] !== 'bootstrap.kubernetes.io/token' || !bootstrapTokenExpired(secret, api.now()))
      continue
    api.store.remove(secrets, 'kube-system', secret.metadata.name)
  }
}

/** Marks nodes whose kubelet stopped renewing its Lease as Unknown. */
function judgeNodes(api: Api): void {
  for (const node of api.store.list(nodes)) {
    const {name, creationTimestamp = ''} = node.metadata
    const lease = api.store.get(leases, 'kube-node-lease', name)
    const renewed = Date.parse(digText(lease, 'spec', 'renewTime') ?? creationTimestamp)
    if (api.now() - renewed < NODE_GRACE_MS) continue
    const conditions = digList(node, 'status', 'conditions').filter(isJsonObject)
    if (conditions.every((item) => item['status'] === 'Unknown' || item['type'] !== 'Ready')) continue
    const time = timestamp(api.now())
    const unknown = conditions.map((item) =>
      item['type'] === 'Ready'
        ? {
            ...item,
            status: 'Unknown',
            reason: 'NodeStatusUnknown',
            message: 'Kubelet stopped posting node status.',
            lastTransitionTime: time,
          }
        : item,
    )
    const status = dig(node, 'status')
    api.store.put(nodes, {...node, status: {...(isJsonObject(status) ? status : {}), conditions: unknown}})
  }
}
