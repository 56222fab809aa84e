import assert from 'node:assert/strict'
import {askGateway} from '../../../src/lib/gateway/ask.ts'
import {createRig, type Rig} from './support/rig.ts'

const path = '/api/v1/namespaces/default/configmaps'

describe('a body that is larger than anything the cluster takes', function () {
  this.timeout(30_000)
  let rig: Rig
  before(async () => {
    rig = await createRig()
  })
  after(() => rig.close())

  for (const megabytes of [9, 40]) {
    it(`of ${megabytes} MB is answered with 413, though it is not read to its end`, async () => {
      for (let round = 0; round < 5; round += 1) {
        const body = new Uint8Array(megabytes * 1_000_000)
        const {status, text} = await askGateway(rig.gateway, {method: 'POST', path, body})
        assert.equal(status, 413)
        assert.equal((JSON.parse(text) as {reason: string}).reason, 'RequestEntityTooLarge')
      }

      assert.equal(rig.chain.batches.length, 0)
      assert.equal((await askGateway(rig.gateway, {path})).status, 200)
      rig.chain.batches.length = 0
    })
  }
})
