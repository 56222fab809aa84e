import type {KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {applyObject, readManifest} from '../../../src/lib/kube/manifests.ts'

/**
 * Applies what an administrator applies once.
 * @returns a token of the listener's service account, with exactly the rights of templates/listener-rbac.yaml
 */
export async function listenerToken(admin: KubeHttp): Promise<string> {
  const names = ['listener-rbac.yaml', 'user-rbac.yaml', 'user-policy.yaml', 'admission-policy.yaml']
  for (const name of names) {
    for (const object of await readManifest(name)) await applyObject(admin, object)
  }

  const path = '/api/v1/namespaces/kube-system/serviceaccounts/daas-listener/token'
  const {status} = await admin.json<{status: {token: string}}>({
    method: 'POST',
    path,
    body: {apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {expirationSeconds: 3600}},
  })
  return status.token
}
