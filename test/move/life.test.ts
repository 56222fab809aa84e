import assert from 'node:assert/strict'
import * as administration from '../../src/lib/contracts/administration.ts'
import {EVENT_TYPES} from '../../src/lib/contracts/events.ts'
import {compare, total} from './support/compare.ts'
import {Life} from './support/life.ts'
import {nodeLife} from './support/node-life.ts'
import {replay} from './support/replay.ts'
import {startRig, type Rig} from './support/rig.ts'
import {seededRandom} from './support/seeded-random.ts'

const STEPS = Number(process.env.DAAS_LIFE_STEPS ?? 100)
/** Events that no life here has: the upgrade's test has the one, the listener's tests the other. */
const NOT_LIVED = ['ClusterMigrated', 'SessionEnded']

describe('random lives on the devnet', function () {
  this.timeout(120_000)
  const lived = new Set<string>()

  for (const seed of [1, 2, 3]) {
    it(`seed ${seed}: ends as foreseen, keeps every coin, and its events tell all`, async () => {
      const time = {ms: 1_800_000_000_000}
      const rig = await startRig({seed: `life-${seed}`, now: () => time.ms})
      let gas = 0n
      const counted: Rig = {
        ...rig,
        run: async (signer, build) => {
          const tx = await rig.run(signer, build)
          gas += tx.gasMist
          return tx
        },
      }
      try {
        // Nobody's: what it has was slashed.
        const treasury = `0x${'7'.repeat(64)}`
        const admin = {packageId: rig.packageId, cluster: rig.cluster.id, cap: rig.adminCap}
        await counted.run(rig.signers[0]!, (tx) => administration.setTreasury(tx, {...admin, treasury}))
        await nodeLife(counted, time)
        const before = await total(rig, replay(rig.events), gas, treasury)
        const life = new Life(counted, seededRandom(seed), time)
        for (let step = 0; step < STEPS; step++) {
          await life.step()
          if (step % 25 === 24) assert.equal(await total(rig, replay(rig.events), gas, treasury), before)
        }
        await compare(rig, replay(rig.events))
        assert.equal(await total(rig, replay(rig.events), gas, treasury), before)
        assert.ok(life.ends.size >= 10, JSON.stringify([...life.ends]))
        const slashed = rig.events.reduce((sum, it) => sum + (it.$kind === 'StakeSlashed' ? it.amount : 0n), 0n)
        const {balance} = await rig.client.getBalance({owner: treasury})
        assert.equal(BigInt(balance.balance), slashed)
        for (const {$kind} of rig.events) lived.add($kind)
      } finally {
        await rig.close()
      }
    })
  }

  it('had every event, but for those of an upgrade and of sessions', () => {
    const names = EVENT_TYPES.map((type) => type.split('::')[1]!)
    assert.deepEqual(
      names.filter((name) => !lived.has(name)),
      NOT_LIVED,
    )
  })
})
