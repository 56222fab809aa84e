import assert from 'node:assert/strict'
import {eventually} from './conformance-client.ts'
import {configMap, type ConformanceContext} from './conformance-context.ts'

/** Selectors, chunks, watches, collections. */
export function listConformance(context: ConformanceContext): void {
  const {configMaps} = context
  describe('lists and watches', () => {
    before(async () => {
      for (const [mapName, labels] of [
        ['sel-a', {tier: 'gold', set: 'x'}],
        ['sel-b', {tier: 'iron', set: 'x'}],
        ['sel-c', {set: 'x'}],
      ] as const) {
        await context.cluster().http('POST', configMaps, {body: configMap(mapName, {}, {...labels})})
      }
    })
    const names = async (query: string): Promise<string[]> => {
      const {body} = await context.cluster().http('GET', `${configMaps}?${query}`)
      return body.items.map((item: {metadata: {name: string}}) => item.metadata.name)
    }
    const byLabel = (selector: string): Promise<string[]> =>
      names(`labelSelector=${encodeURIComponent(selector)}`)

    it('selects by labels and fields', async () => {
      assert.deepEqual(await byLabel('tier=gold'), ['sel-a'])
      assert.deepEqual(await byLabel('set=x,tier!=gold'), ['sel-b', 'sel-c'])
      assert.deepEqual(await byLabel('tier in (gold,iron)'), ['sel-a', 'sel-b'])
      assert.deepEqual(await byLabel('set=x,tier notin (gold)'), ['sel-b', 'sel-c'])
      assert.deepEqual(await byLabel('set,!tier'), ['sel-c'])
      assert.deepEqual(await names('fieldSelector=metadata.name%3Dsel-b'), ['sel-b'])
      const bad = await context.cluster().http('GET', `${configMaps}?fieldSelector=data.x%3D1`)
      assert.equal(bad.status, 400)
    })

    it('lists in chunks', async () => {
      const query = 'labelSelector=set%3Dx&limit=2'
      const first = await context.cluster().http('GET', `${configMaps}?${query}`)
      assert.equal(first.body.items.length, 2)
      const token = encodeURIComponent(first.body.metadata.continue)
      const second = await context.cluster().http('GET', `${configMaps}?${query}&continue=${token}`)
      assert.deepEqual(
        second.body.items.map((item: {metadata: {name: string}}) => item.metadata.name),
        ['sel-c'],
      )
      assert.ok(!second.body.metadata.continue)
    })

    it('watches from a version, and sees what leaves a selection as deleted', async () => {
      const {body: list} = await context.cluster().http('GET', configMaps)
      const ended = new AbortController()
      const seen: string[] = []
      const path = `${configMaps}?watch=true&labelSelector=watched%3Dyes&resourceVersion=${list.metadata.resourceVersion}`
      const watching = context.cluster().watch(path, ended.signal, ({type, object}) => {
        seen.push(`${type} ${object.metadata.name} ${object.data?.n ?? ''}`)
      })
      await context.cluster().http('POST', configMaps, {body: configMap('w', {n: '1'}, {watched: 'yes'})})
      const headers = {'content-type': 'application/merge-patch+json'}
      await context.cluster().http('PATCH', `${configMaps}/w`, {body: {data: {n: '2'}}, headers})
      await context
        .cluster()
        .http('PATCH', `${configMaps}/w`, {body: {metadata: {labels: {watched: 'no'}}}, headers})
      await context.cluster().http('DELETE', `${configMaps}/w`)
      await eventually(
        () => Promise.resolve(seen.length),
        (count) => count >= 3,
      )
      ended.abort()
      await watching
      assert.deepEqual(seen, ['ADDED w 1', 'MODIFIED w 2', 'DELETED w 2'])
    })

    it('ends a watch after its timeout', async () => {
      const ended = new AbortController()
      const types: string[] = []
      const path = `${configMaps}?watch=true&timeoutSeconds=1&labelSelector=set%3Dx`
      await context.cluster().watch(path, ended.signal, ({type}) => types.push(type))
      assert.deepEqual(types, ['ADDED', 'ADDED', 'ADDED'])
    })

    it('deletes a selected collection', async () => {
      const gone = await context.cluster().http('DELETE', `${configMaps}?labelSelector=set%3Dx`)
      assert.equal(gone.status, 200)
      assert.deepEqual(await byLabel('set=x'), [])
    })
  })
}
