import type {V1NodeList} from '@kubernetes/client-node'
import {ADOPTED, createAllowList} from './allow-list.ts'
import type {KubeHttp} from './kube-http.ts'
import {unlessStatus} from './kube-status.ts'
import {applyObject, readManifest} from './manifests.ts'
import {isWorker} from './worker-marks.ts'

const POLICY = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/daas-nodes'

/** Who may be a node, and what users may not do. */
const POLICIES = ['admission-policy.yaml', 'user-policy.yaml'] as const

/** What an installation did. */
export interface AdmissionInstallation {
  /** True where daas was not in this cluster before. */
  firstTime: boolean
  /** Nodes that were there before daas and stay allowed. */
  adopted: string[]
}

/**
 * Installs the rules that make a node's name belong to a stake: the allow-list ConfigMap first, then the policy
 * that reads it (templates/admission-policy.yaml). Nodes that are in the cluster the first time are adopted, so
 * that installing daas stops nobody's kubelet; later nothing is adopted any more. What carries the marks of a worker
 * is never adopted: somebody deleted the policy, and its stake decides. Idempotent.
 * @param exempt more names that need no stake, for example of servers that are yet to join
 */
export async function installAdmissionPolicy(
  http: KubeHttp,
  {exempt = [], signal}: {exempt?: readonly string[]; signal?: AbortSignal} = {},
): Promise<AdmissionInstallation> {
  const options = signal === undefined ? {} : {signal}
  const allowList = createAllowList(http)
  const firstTime =
    (await unlessStatus(http.json({method: 'GET', path: POLICY, ...options}), 404)) === undefined
  const adopted = firstTime ? await nodeNames(http, signal) : []
  const entries = Object.fromEntries([...adopted, ...exempt].map((name) => [name, ADOPTED]))
  if (!(await allowList.create(entries, signal))) {
    const known = await allowList.read(signal)
    for (const name of Object.keys(entries)) {
      if (known[name] === undefined) await allowList.allow(name, ADOPTED, signal)
    }
  }

  for (const file of POLICIES) {
    for (const object of await readManifest(file)) await applyObject(http, object, signal)
  }

  return {firstTime, adopted}
}

async function nodeNames(http: KubeHttp, signal: AbortSignal | undefined): Promise<string[]> {
  const path = '/api/v1/nodes'
  const nodes = await http.json<V1NodeList>({method: 'GET', path, ...(signal === undefined ? {} : {signal})})
  return nodes.items.filter((node) => !isWorker(node)).flatMap((node) => node.metadata?.name ?? [])
}
