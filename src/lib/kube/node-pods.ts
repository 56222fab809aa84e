import type {V1Pod, V1PodList} from '@kubernetes/client-node'
import type {KubeHttp} from './kube-http.ts'
import {unlessStatus} from './kube-status.ts'

/**
 * The pods of a node that an eviction concerns: those of DaemonSets and of the kubelet itself (mirror pods) go with
 * the Node.
 */
export async function podsOfNode(http: KubeHttp, nodeName: string, signal?: AbortSignal): Promise<V1Pod[]> {
  const path = `/api/v1/pods?fieldSelector=${encodeURIComponent(`spec.nodeName=${nodeName}`)}`
  const options = signal === undefined ? {} : {signal}
  const pods = await unlessStatus(http.json<V1PodList>({method: 'GET', path, ...options}), 404)
  return (pods?.items ?? []).filter(({metadata}) => {
    const ofDaemonSet = metadata?.ownerReferences?.some(({kind}) => kind === 'DaemonSet') ?? false
    return !ofDaemonSet && metadata?.annotations?.['kubernetes.io/config.mirror'] === undefined
  })
}

/** The API path of a pod. */
export function podPath({metadata}: V1Pod): string {
  return `/api/v1/namespaces/${metadata?.namespace ?? ''}/pods/${metadata?.name ?? ''}`
}

/** `namespace/name`. */
export function podName({metadata}: V1Pod): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`
}

/** What is asked of the Eviction API for a pod: this very one, not another that got its name meanwhile. */
export function evictionOf({metadata}: V1Pod): object {
  const {name, namespace, uid} = metadata ?? {}
  return {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: {name, namespace},
    ...(uid !== undefined && {deleteOptions: {preconditions: {uid}}}),
  }
}
