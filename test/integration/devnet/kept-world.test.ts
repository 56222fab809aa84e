import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {pino} from 'pino'
import {createWorld} from '../../../src/lib/devnet/world.ts'

describe('a world that is kept', () => {
  it('has the same chain, people and cluster after a restart', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'daas-world-'))
    const start = () =>
      createWorld({
        dir,
        dataDir: join(dir, 'chain'),
        kubernetes: 'none',
        clusterName: 'kept',
        env: {},
        signal: new AbortController().signal,
        logger: pino({level: 'silent'}),
      })
    try {
      const first = await start()
      await first.close()
      const second = await start()
      try {
        const {digests, gasMist, ...cluster} = first.cluster
        assert.ok(digests.length > 0 && gasMist > 0n)
        assert.deepEqual(second.cluster, {...cluster, digests: [], gasMist: 0n})
        assert.equal(second.devnet.chainId, first.devnet.chainId)
        assert.equal(second.people.user.address, first.people.user.address)
      } finally {
        await second.close()
      }
    } finally {
      await rm(dir, {recursive: true})
    }
  })
})
