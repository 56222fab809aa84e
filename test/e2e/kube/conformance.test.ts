import {kubeConformance} from '../../integration/kube/conformance.ts'
import {type Rig, startRig} from './rig.ts'

describe('real Kubernetes', () => {
  let rig: Rig

  before(async function () {
    rig = await startRig(this)
  })

  after(async function () {
    this.timeout(30_000)
    await rig?.close()
  })

  kubeConformance('real API server behind the k3s front', async () => ({
    kubeconfig: rig.kubernetes.adminKubeconfig,
  }))
})
