import assert from 'node:assert/strict'
import {resourceType} from '../../../../../src/lib/devnet/kube/embedded/resources.ts'
import {
  fieldSelector,
  labelSelector,
  selectedName,
} from '../../../../../src/lib/devnet/kube/embedded/selectors.ts'
import {type KubeObject} from '../../../../../src/lib/devnet/kube/embedded/types.ts'

const pod = (labels: Record<string, string>, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'p', namespace: 'n', labels},
  spec,
})

describe('devnet/kube/embedded/selectors', () => {
  it('reads every form of a label selector', () => {
    const selects = (selector: string, labels: Record<string, string>): boolean =>
      labelSelector(selector)(pod(labels))
    assert.ok(selects('', {}))
    assert.ok(selects('a=1,b==2,c!=3', {a: '1', b: '2'}))
    assert.ok(selects('a in (1, 2),!z,b', {a: '2', b: ''}))
    assert.ok(!selects('a notin (1,2)', {a: '1'}))
    assert.ok(selects('a notin (1,2)', {}))
    assert.ok(selects('x.io/a=1', {'x.io/a': '1'}))
    assert.throws(() => labelSelector('a b c'), {code: 400, reason: 'BadRequest'})
  })

  it('reads field selectors of what a resource can be selected by', () => {
    const pods = resourceType('pods')
    assert.ok(fieldSelector(pods, 'spec.nodeName=w1,metadata.namespace=n')(pod({}, {nodeName: 'w1'})))
    assert.ok(fieldSelector(pods, 'spec.nodeName!=w1')(pod({})))
    assert.throws(() => fieldSelector(pods, 'spec.image=x'), {code: 400})
    assert.throws(() => fieldSelector(resourceType('nodes'), 'metadata.namespace=x'), {code: 400})
    assert.equal(selectedName('a=b,metadata.name=x'), 'x')
    assert.equal(selectedName('metadata.name!=x'), '')
  })
})
