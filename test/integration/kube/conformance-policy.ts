import assert from 'node:assert/strict'
import {type Answered, type ClusterClient, eventually} from './conformance-client.ts'

const ADMISSION = '/apis/admissionregistration.k8s.io/v1'
const MERGE = 'application/merge-patch+json'

/**
 * Admission: a policy of the shape that the listener uses (an allow-list of node names in a ConfigMap), and what a
 * kubelet may write at all.
 * @param client the cluster, once it is there
 * @param suffix for names of cluster-scoped objects
 */
export function policyConformance(client: () => ClusterClient, suffix: string): void {
  describe('admission of nodes', () => {
    const policy = `nodes-${suffix}.daas.test`
    const params = `allowed-${suffix}`
    const marker = `daas-test-${suffix}`
    const good = `good-${suffix}`
    const bad = `bad-${suffix}`

    const asNode = (name: string): Record<string, string> => ({
      'impersonate-user': `system:node:${name}`,
      'impersonate-group': 'system:nodes',
    })
    const node = (name: string): object => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {name, labels: {'daas.io/suite': marker}},
    })
    const createNode = (name: string, as = name): Promise<Answered> =>
      client().http('POST', '/api/v1/nodes', {body: node(name), headers: asNode(as)})
    const create = async (path: string, body: object): Promise<void> => {
      const answer = await client().http('POST', path, {body})
      assert.equal(answer.status, 201, JSON.stringify(answer.body))
    }

    after(async () => {
      await client().http('DELETE', `${ADMISSION}/validatingadmissionpolicybindings/${policy}`)
      await client().http('DELETE', `${ADMISSION}/validatingadmissionpolicies/${policy}`)
      await client().http('DELETE', `/api/v1/namespaces/kube-system/configmaps/${params}`)
      for (const name of [good, bad]) await client().http('DELETE', `/api/v1/nodes/${name}`)
    })

    it('restricts a kubelet to its own Node', async () => {
      const other = await createNode(bad, good)
      assert.deepEqual([other.status, other.body.reason], [403, 'Forbidden'])
      assert.match(other.body.message, /is not allowed to modify node/)
    })

    it('takes nodes on the allow-list and refuses all others, by CEL over a ConfigMap', async () => {
      await create('/api/v1/namespaces/kube-system/configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {name: params},
        data: {[good]: 'stake'},
      })
      await create(`${ADMISSION}/validatingadmissionpolicies`, {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: {name: policy},
        spec: {
          failurePolicy: 'Fail',
          paramKind: {apiVersion: 'v1', kind: 'ConfigMap'},
          matchConstraints: {
            resourceRules: [
              {
                apiGroups: [''],
                apiVersions: ['v1'],
                operations: ['CREATE', 'UPDATE'],
                resources: ['nodes', 'nodes/status'],
              },
            ],
          },
          matchConditions: [
            {name: 'kubelets', expression: "'system:nodes' in request.userInfo.groups"},
            {name: 'this-suite', expression: `request.name.endsWith('-${suffix}')`},
          ],
          variables: [{name: 'node', expression: 'object.metadata.name'}],
          validations: [
            {
              expression: 'has(params.data) && variables.node in params.data',
              messageExpression: "'node ' + variables.node + ' is not on the allow-list'",
              reason: 'Forbidden',
            },
          ],
        },
      })
      await create(`${ADMISSION}/validatingadmissionpolicybindings`, {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: {name: policy},
        spec: {
          policyName: policy,
          paramRef: {name: params, namespace: 'kube-system', parameterNotFoundAction: 'Deny'},
          validationActions: ['Deny'],
        },
      })
      // A real server takes a moment until a policy is in force: it is tried with a node that may not come.
      const attempt = async (): Promise<Answered> => {
        const answer = await createNode(bad)
        if (answer.status === 201) await client().http('DELETE', `/api/v1/nodes/${bad}`)
        return answer
      }
      const refused = await eventually(attempt, (answer) => answer.status === 403)
      assert.equal(refused.body.reason, 'Forbidden')
      assert.equal(
        refused.body.message,
        `nodes "${bad}" is forbidden: ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: node ${bad} is not on the allow-list`,
      )
      assert.equal((await createNode(good)).status, 201)
    })

    it('refuses the status of a node that was taken off the list, and all when the list is gone', async () => {
      const status = (): Promise<Answered> =>
        client().http('PATCH', `/api/v1/nodes/${good}/status`, {
          body: {
            status: {conditions: [{type: 'Ready', status: 'True', reason: String(Date.now()), message: ''}]},
          },
          headers: {...asNode(good), 'content-type': MERGE},
        })
      assert.equal((await status()).status, 200)
      const path = `/api/v1/namespaces/kube-system/configmaps/${params}`
      await client().http('PATCH', path, {body: {data: {[good]: null}}, headers: {'content-type': MERGE}})
      await eventually(status, (answer) => answer.status === 403)
      await client().http('DELETE', path)
      const closed = await eventually(status, (answer) => answer.status === 422)
      assert.match(
        closed.body.message,
        /no params found for policy binding with `Deny` parameterNotFoundAction/,
      )
    })
  })
}
