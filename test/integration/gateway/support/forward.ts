import {request as httpsRequest} from 'node:https'
import type {KubeRequest, KubeResponse} from '../../../../src/lib/seal/kube-message.ts'

/** Stands for a listener without impersonation: passes requests on to a Kubernetes API as its administrator. */
export function forwardTo(kube: {url: string; caPem: string; adminToken: string}) {
  return ({method, path, headers, body}: KubeRequest): Promise<KubeResponse> =>
    new Promise((resolve, reject) => {
      const authorization = `Bearer ${kube.adminToken}`
      const sent = {...headers, authorization, 'content-length': body.length}
      const options = {method, ca: kube.caPem, agent: false, headers: sent}
      const request = httpsRequest(new URL(path, kube.url), options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(Object.entries(response.headers).map(([k, v]) => [k, String(v)])),
            body: new Uint8Array(Buffer.concat(chunks)),
          }),
        )
      })
      request.on('error', reject)
      request.end(body)
    })
}
