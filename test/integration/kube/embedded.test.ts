import {
  type EmbeddedKubernetes,
  startEmbeddedKubernetes,
} from '../../../src/lib/devnet/kube/embedded/embedded-kubernetes.ts'
import {kubeConformance} from './conformance.ts'

describe('embedded Kubernetes', () => {
  let kubernetes: EmbeddedKubernetes | undefined
  after(() => kubernetes?.close())

  kubeConformance('embedded', async () => {
    kubernetes = await startEmbeddedKubernetes()
    return {kubeconfig: kubernetes.adminKubeconfig}
  })
})
