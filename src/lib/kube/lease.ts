import type {V1Lease} from '@kubernetes/client-node'
import type {KubeHttp} from './kube-http.ts'
import {unlessStatus} from './kube-status.ts'

/** The resource version of a node's Lease, '' where it has none. */
export async function leaseVersion(http: KubeHttp, nodeName: string, signal: AbortSignal): Promise<string> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${nodeName}`
  const lease = await unlessStatus(http.json<V1Lease>({method: 'GET', path, signal}), 404)
  return lease?.metadata?.resourceVersion ?? ''
}
