import assert from 'node:assert/strict'
import {resourceType} from '../../../../../src/lib/devnet/kube/embedded/resources.ts'
import {ageOf} from '../../../../../src/lib/devnet/kube/embedded/table-columns.ts'
import {toTable, wantsTable} from '../../../../../src/lib/devnet/kube/embedded/table.ts'

describe('devnet/kube/embedded/table', () => {
  it('writes ages as kubectl does', () => {
    const now = Date.parse('2026-01-10T00:00:00Z')
    const ago = (seconds: number): string => ageOf(new Date(now - seconds * 1000).toISOString(), now)
    const ages = [5, 119, 125, 180, 599, 660, 7200, 10_800, 28_800, 100_000, 180_000, 800_000].map(ago)
    assert.deepEqual(ages, [
      '5s',
      '119s',
      '2m5s',
      '3m',
      '9m59s',
      '11m',
      '120m',
      '3h',
      '8h',
      '27h',
      '2d2h',
      '9d',
    ])
    assert.equal(ageOf(undefined, now), '<unknown>')
  })

  it('shows a node as kubectl get nodes does', () => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: 'w',
        creationTimestamp: '2026-01-01T00:00:00Z',
        labels: {'node-role.kubernetes.io/worker': ''},
      },
      spec: {unschedulable: true},
      status: {conditions: [{type: 'Ready', status: 'False'}], nodeInfo: {kubeletVersion: 'v1'}},
    }
    const options = {now: Date.parse('2026-01-01T00:00:09Z'), includeObject: 'None'}
    const table = toTable(resourceType('nodes'), [node], {}, options) as unknown as {
      rows: {cells: unknown[]}[]
      columnDefinitions: {priority: number}[]
    }
    assert.deepEqual(table.rows[0]!.cells.slice(0, 5), [
      'w',
      'NotReady,SchedulingDisabled',
      'worker',
      '9s',
      'v1',
    ])
    assert.equal(table.columnDefinitions.filter((column) => column.priority === 0).length, 5)
    assert.ok(wantsTable('application/json;as=Table;v=v1;g=meta.k8s.io,application/json'))
    assert.ok(!wantsTable('application/json'))
  })
})
