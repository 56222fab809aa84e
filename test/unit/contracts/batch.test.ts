import assert from 'node:assert/strict'
import {ObjectError, type ClientWithCoreApi} from '@mysten/sui/client'
import {readObjects} from '../../../src/lib/contracts/objects.ts'

const idOf = (index: number): string => `0x${index.toString(16).padStart(64, '0')}`

describe('reading many objects', () => {
  function clientOf(answer: (id: string) => unknown): {client: ClientWithCoreApi; calls: number[]} {
    const calls: number[] = []
    const getObjects = async ({objectIds}: {objectIds: string[]}): Promise<unknown> => {
      calls.push(objectIds.length)
      return {objects: objectIds.map(answer)}
    }
    return {client: {core: {getObjects}} as unknown as ClientWithCoreApi, calls}
  }

  it('asks for fifty at a time, and keeps the order', async () => {
    const {client, calls} = clientOf((id) => ({
      objectId: id,
      type: `${idOf(9)}::staking::Stake`,
      content: Uint8Array.of(1),
    }))
    const ids = Array.from({length: 120}, (_, index) => idOf(index + 1))
    const found = await readObjects(client, ids, 'staking::Stake')
    assert.deepEqual(calls, [50, 50, 20])
    assert.deepEqual(
      found.map((object) => object?.id),
      ids,
    )
    assert.deepEqual(await readObjects(client, [], 'staking::Stake'), [])
  })

  it('takes what is gone, or of another type, for undefined, and nothing else', async () => {
    const {client} = clientOf((id) =>
      id === idOf(1)
        ? new ObjectError('notFound', 'gone', {reason: 'notFound'})
        : {objectId: id, type: `${idOf(9)}::staking::StakeTicket`, content: Uint8Array.of(1)},
    )
    assert.deepEqual(await readObjects(client, [idOf(1), idOf(2)], 'staking::Stake'), [undefined, undefined])
    const {client: broken} = clientOf(() => new Error('broken'))
    await assert.rejects(readObjects(broken, [idOf(1)], 'staking::Stake'), /broken/)
  })
})
