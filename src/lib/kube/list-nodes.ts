import type {V1Node, V1NodeList} from '@kubernetes/client-node'
import type {KubeHttp} from './kube-http.ts'

const PAGE = 500

/** All Nodes, in pages: there may be very many. @throws KUBE_REFUSED, KUBE_UNREACHABLE, the signal's reason */
export async function listNodes(http: KubeHttp, signal: AbortSignal): Promise<V1Node[]> {
  const nodes: V1Node[] = []
  let rest: string | undefined = ''
  while (rest !== undefined) {
    const from: string = rest === '' ? '' : `&continue=${encodeURIComponent(rest)}`
    const path = `/api/v1/nodes?limit=${PAGE}${from}`
    const {items, metadata}: V1NodeList = await http.json<V1NodeList>({method: 'GET', path, signal})
    nodes.push(...items)
    rest = metadata?._continue ?? (metadata as {continue?: string} | undefined)?.continue
    if (rest === '') rest = undefined
  }

  return nodes
}
