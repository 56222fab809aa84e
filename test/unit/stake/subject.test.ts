import assert from 'node:assert/strict'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {nodeIdOf, subjectFlags, subjectOf} from '../../../src/lib/stake/subject.ts'

describe('subjectOf', () => {
  it('is a node by its name, or else a user', () => {
    const node = subjectOf({node: 'worker-1'})
    assert.deepEqual(
      [node, nodeIdOf(node), subjectFlags(node)],
      [{kind: 'node', name: 'worker-1'}, 'worker-1', '--node worker-1'],
    )
    const user = subjectOf({})
    assert.deepEqual([user, nodeIdOf(user), subjectFlags(user)], [{kind: 'user'}, '', '--user'])
  })

  for (const name of ['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a'.repeat(64), 'a b']) {
    it(`refuses "${name}" as the name of a node`, () => {
      assert.throws(
        () => subjectOf({node: name}),
        (error) => error instanceof DaasError && error.errorName === 'NODE_NAME_INVALID',
      )
    })
  }

  it('takes the longest name and the shortest', () => {
    for (const name of ['a', '1', 'a'.repeat(63)]) assert.equal(nodeIdOf(subjectOf({node: name})), name)
  })
})
