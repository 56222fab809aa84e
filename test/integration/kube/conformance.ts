import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {ClusterClient, hasKubectl} from './conformance-client.ts'
import {discoveryConformance} from './conformance-discovery.ts'
import {listConformance} from './conformance-lists.ts'
import {objectConformance} from './conformance-objects.ts'
import {policyConformance} from './conformance-policy.ts'
import {podConformance} from './conformance-pods.ts'
import {userConformance} from './conformance-users.ts'

/** A cluster under test. */
export interface ConformanceCluster {
  /** The text (YAML) of a kubeconfig of an administrator. */
  kubeconfig: string
}

/**
 * The tests that the embedded API and a real API server pass alike, so that the former cannot drift into fiction.
 * They need no controller manager and leave nothing behind but an empty namespace.
 * @param name of the suite
 * @param start called once, before the first test; whoever started the cluster also stops it
 */
export function kubeConformance(name: string, start: () => Promise<ConformanceCluster>): void {
  describe(`Kubernetes conformance: ${name}`, function () {
    this.timeout(60_000)
    const suffix = randomBytes(3).toString('hex')
    const namespace = `conformance-${suffix}`
    const configMaps = `/api/v1/namespaces/${namespace}/configmaps`
    let cluster: ClusterClient
    let kubectlIsThere = false

    const withKubectl = (title: string, test: () => Promise<void>): void => {
      it(`${title} (kubectl)`, function () {
        if (!kubectlIsThere) {
          console.warn(`      SKIPPED, no kubectl on PATH: ${title}`)
          this.skip()
        }
        return test()
      })
    }

    before(async () => {
      kubectlIsThere = await hasKubectl()
      cluster = await ClusterClient.open((await start()).kubeconfig)
      const body = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace}}
      assert.equal((await cluster.http('POST', '/api/v1/namespaces', {body})).status, 201)
    })
    after(async () => {
      await cluster?.http('DELETE', `/api/v1/namespaces/${namespace}`)
      await cluster?.close()
    })

    const context = {cluster: () => cluster, namespace, configMaps, suffix, withKubectl}
    discoveryConformance(context)
    objectConformance(context)
    listConformance(context)
    userConformance(context)
    policyConformance(() => cluster, suffix)
    podConformance(context)
  })
}
