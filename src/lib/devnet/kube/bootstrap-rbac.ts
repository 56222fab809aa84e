import {DaasError} from '../../errors/daas-error.ts'
import type {KubeHttp} from '../../kube/kube-http.ts'

const BINDINGS: readonly (readonly [name: string, role: string, group: string])[] = [
  ['daas:node-bootstrapper', 'system:node-bootstrapper', 'system:bootstrappers'],
  [
    'daas:node-autoapprove',
    'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
    'system:bootstrappers',
  ],
  [
    'daas:node-renewal',
    'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
    'system:nodes',
  ],
]

/**
 * Grants to bootstrap tokens what k3s grants by itself: ask for a node certificate, and have it approved; and to
 * nodes, to renew theirs. What is there already stays.
 * @throws KUBE_REFUSED, KUBE_UNREACHABLE
 */
export async function grantBootstrappers(admin: Pick<KubeHttp, 'json'>): Promise<void> {
  for (const [name, role, group] of BINDINGS) {
    const apiGroup = 'rbac.authorization.k8s.io'
    try {
      await admin.json({
        method: 'POST',
        path: `/apis/${apiGroup}/v1/clusterrolebindings`,
        body: {
          apiVersion: `${apiGroup}/v1`,
          kind: 'ClusterRoleBinding',
          metadata: {name},
          roleRef: {apiGroup, kind: 'ClusterRole', name: role},
          subjects: [{apiGroup, kind: 'Group', name: group}],
        },
      })
    } catch (error) {
      if (!(error instanceof DaasError) || error.details?.status !== 409) throw error
    }
  }
}
