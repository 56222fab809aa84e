import type {V1ConfigMap} from '@kubernetes/client-node'
import type {KubeHttp} from './kube-http.ts'
import {unlessStatus} from './kube-status.ts'

/** The ConfigMap that the admission policy reads: node name -> object id of its stake. */
export const ALLOW_LIST = {name: 'daas-nodes', namespace: 'kube-system'} as const
/** The value of nodes that were in the cluster before daas was: they have no stake and stay. */
export const ADOPTED = 'adopted'

const CONFIG_MAPS = `/api/v1/namespaces/${ALLOW_LIST.namespace}/configmaps`
const PATH = `${CONFIG_MAPS}/${ALLOW_LIST.name}`

/** The names of nodes that may exist, and which stake each belongs to. */
export interface AllowList {
  /** Every name with its stake, or with {@link ADOPTED}. */
  read(signal?: AbortSignal): Promise<Record<string, string>>
  /** Puts a name on the list, whoever had it: the caller has judged that. */
  allow(nodeName: string, stake: string, signal?: AbortSignal): Promise<void>
  /** Takes a name off the list. @returns false where it was not on it */
  deny(nodeName: string, signal?: AbortSignal): Promise<boolean>
  /** Makes the list where there is none. @returns false where there is one, which is left as it is */
  create(entries: Record<string, string>, signal?: AbortSignal): Promise<boolean>
}

/** The allow-list of a cluster. Each change is one JSON merge patch of one key, so that changes do not collide. */
export function createAllowList(http: KubeHttp): AllowList {
  const read = async (signal?: AbortSignal): Promise<V1ConfigMap | undefined> =>
    unlessStatus(http.json<V1ConfigMap>({method: 'GET', path: PATH, ...pass(signal)}), 404)
  const patch = (data: Record<string, string | null>, signal?: AbortSignal): Promise<unknown> =>
    unlessStatus(http.json({method: 'PATCH', path: PATH, body: {data}, ...pass(signal)}), 404)
  const create = async (entries: Record<string, string>, signal?: AbortSignal): Promise<boolean> => {
    const body: V1ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {...ALLOW_LIST, labels: {'app.kubernetes.io/managed-by': 'daas'}},
      data: entries,
    }
    return (
      (await unlessStatus(http.json({method: 'POST', path: CONFIG_MAPS, body, ...pass(signal)}), 409)) !==
      undefined
    )
  }

  return {
    read: async (signal) => (await read(signal))?.data ?? {},
    async allow(nodeName, stake, signal) {
      if ((await patch({[nodeName]: stake}, signal)) !== undefined) return
      // Somebody deleted the list: while it is gone the policy denies every node.
      if (!(await create({[nodeName]: stake}, signal))) await patch({[nodeName]: stake}, signal)
    },
    async deny(nodeName, signal) {
      if ((await read(signal))?.data?.[nodeName] === undefined) return false
      await patch({[nodeName]: null}, signal)
      return true
    },
    create,
  }
}

function pass(signal: AbortSignal | undefined): {signal?: AbortSignal} {
  return signal === undefined ? {} : {signal}
}
