import type {KubeResponse} from '../seal/kube-message.ts'

/** A failure in the form of Kubernetes' own (meta/v1 Status), which kubectl knows how to show. */
export function statusResponse(status: number, reason: string, message: string): KubeResponse {
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code: status,
  }
  return {
    status,
    headers: {'content-type': 'application/json'},
    body: new TextEncoder().encode(JSON.stringify(body)),
  }
}
