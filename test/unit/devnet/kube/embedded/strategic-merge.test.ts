import assert from 'node:assert/strict'
import {strategicMerge} from '../../../../../src/lib/devnet/kube/embedded/strategic-merge.ts'

describe('devnet/kube/embedded/strategic-merge', () => {
  it('merges lists with a key item by item, in the order asked for', () => {
    const target = {
      conditions: [
        {type: 'Ready', status: 'False', reason: 'A'},
        {type: 'Disk', status: 'False'},
      ],
    }
    const patch = {
      '$setElementOrder/conditions': [{type: 'Disk'}, {type: 'Ready'}],
      conditions: [{type: 'Ready', status: 'True'}],
    }
    assert.deepEqual(strategicMerge(target, patch), {
      conditions: [
        {type: 'Disk', status: 'False'},
        {type: 'Ready', status: 'True', reason: 'A'},
      ],
    })
  })

  it('replaces lists without a key, taints among them', () => {
    const target = {
      taints: [
        {key: 'a', effect: 'NoSchedule'},
        {key: 'b', effect: 'NoSchedule'},
      ],
    }
    assert.deepEqual(strategicMerge(target, {taints: [{key: 'b', effect: 'NoSchedule'}]}), {
      taints: [{key: 'b', effect: 'NoSchedule'}],
    })
  })

  it('deletes and replaces by directive, and leaves its inputs alone', () => {
    const target = {
      containers: [{name: 'a'}, {name: 'b'}],
      finalizers: ['x', 'y'],
      labels: {k: 'v', l: 'w'},
      m: {n: 1},
    }
    const before = structuredClone(target)
    const patch = {
      containers: [
        {name: 'a', $patch: 'delete'},
        {name: 'c', ports: [{containerPort: 80}]},
      ],
      '$deleteFromPrimitiveList/finalizers': ['x'],
      labels: {k: null},
      m: {$patch: 'replace', o: 2},
    }
    assert.deepEqual(strategicMerge(target, patch), {
      containers: [{name: 'b'}, {name: 'c', ports: [{containerPort: 80}]}],
      finalizers: ['y'],
      labels: {l: 'w'},
      m: {o: 2},
    })
    assert.deepEqual(target, before)
  })

  it('merges the ports of containers and of services by their own keys', () => {
    assert.deepEqual(
      strategicMerge({ports: [{port: 80, targetPort: 1}]}, {ports: [{port: 80, targetPort: 2}]}),
      {
        ports: [{port: 80, targetPort: 2}],
      },
    )
    const container = strategicMerge({ports: [{containerPort: 1}]}, {ports: [{containerPort: 2}]})
    assert.deepEqual(container, {ports: [{containerPort: 1}, {containerPort: 2}]})
  })
})
