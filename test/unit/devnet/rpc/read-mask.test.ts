import assert from 'node:assert/strict'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import {readMask} from '../../../../src/lib/devnet/rpc/read-mask.ts'

const transaction = (): T.ExecutedTransaction =>
  T.ExecutedTransaction.create({
    digest: 'd',
    checkpoint: 7n,
    effects: {
      digest: 'e',
      status: {success: true},
      changedObjects: [
        {objectId: '0x1', objectType: 'a'},
        {objectId: '0x2', objectType: 'b'},
      ],
    },
  })

describe('devnet rpc: read mask', () => {
  it('keeps the wanted fields, also inside lists', () => {
    const mask = readMask(
      T.ExecutedTransaction,
      {paths: ['digest', 'effects.status', 'effects.changed_objects.object_id']},
      '*',
    )
    assert.deepEqual(
      T.ExecutedTransaction.toJson(mask.prune(transaction())),
      T.ExecutedTransaction.toJson(
        T.ExecutedTransaction.create({
          digest: 'd',
          effects: {status: {success: true}, changedObjects: [{objectId: '0x1'}, {objectId: '0x2'}]},
        }),
      ),
    )
    assert.equal(mask.wants('effects.status.error'), true)
    assert.equal(mask.wants('effects.bcs'), false)
    assert.equal(mask.wants('effects'), true)
  })

  it('lets a parent win over its child, in either order', () => {
    for (const paths of [
      ['effects', 'effects.digest'],
      ['effects.digest', 'effects'],
    ]) {
      const pruned = readMask(T.ExecutedTransaction, {paths}, '*').prune(transaction())
      assert.equal(pruned.effects?.changedObjects.length, 2)
      assert.equal(pruned.digest, undefined)
    }
  })

  it('takes the default when there is no mask, and * for all', () => {
    const byDefault = readMask(T.ExecutedTransaction, undefined, 'digest').prune(transaction())
    assert.deepEqual([byDefault.digest, byDefault.checkpoint], ['d', undefined])
    const all = readMask(T.ExecutedTransaction, {paths: ['*']}, 'digest').prune(transaction())
    assert.deepEqual([all.digest, all.checkpoint], ['d', 7n])
  })

  it('goes into a oneof', () => {
    const mask = readMask(T.GetObjectResult, {paths: ['object.object_id']}, '*')
    const result = T.GetObjectResult.create({
      result: {oneofKind: 'object', object: {objectId: '0x1', version: 2n}},
    })
    const pruned = mask.prune(result)
    assert.ok(pruned.result.oneofKind === 'object')
    assert.deepEqual([pruned.result.object.objectId, pruned.result.object.version], ['0x1', undefined])
  })

  for (const path of ['nothing', 'effects.nothing', 'digest.more', 'effects.status.success.more', '']) {
    it(`refuses the path '${path}'`, () => {
      assert.throws(() => readMask(T.ExecutedTransaction, {paths: [path]}, '*'), {
        status: 'INVALID_ARGUMENT',
        message: `invalid read_mask path: ${path}`,
      })
    })
  }
})
