import assert from 'node:assert/strict'
import {migrateCluster, setSlashBps} from '../../src/lib/contracts/administration.ts'
import {listSeals, listStakeTickets, readCluster, readStake} from '../../src/lib/contracts/reads.ts'
import type {ClusterCall} from '../../src/lib/contracts/transactions/call.ts'
import * as requestCalls from '../../src/lib/contracts/transactions/requests.ts'
import * as stakeCalls from '../../src/lib/contracts/transactions/staking.ts'
import {followUpgrades} from '../../src/lib/contracts/upgrades.ts'
import {compileNextRelease} from '../helpers/next-release.ts'
import {abortNameOf, made, startRig, type Rig} from './support/rig.ts'

const SUI = 1_000_000_000n
const COMPATIBLE = 0

async function nextRelease(): Promise<{modules: string[]; dependencies: string[]; digest: number[]}> {
  const {modules, dependencies, digest} = await compileNextRelease()
  return {
    modules: [...modules.values()].map((bytes) => Buffer.from(bytes).toString('base64')),
    dependencies: [...dependencies],
    digest: [...Buffer.from(digest, 'hex')],
  }
}

describe('upgrade of the contracts', function () {
  this.timeout(60_000)
  let rig: Rig
  let upgraded: string
  let next: Awaited<ReturnType<typeof nextRelease>>

  before(async () => {
    // First, for it keeps this process busy for seconds, in which kept connections would die.
    next = await nextRelease()
    rig = await startRig({seed: 'upgrade'})
  })
  after(() => rig.close())

  const call = (packageId: string): ClusterCall => ({packageId, cluster: rig.cluster.id})
  const seal = {tokenHash: new Uint8Array(32).fill(1), ttlMs: 3_600_000n}

  it('begins with a stake and a seal of the first version', async () => {
    const user = rig.signers[1]!
    await rig.run(user, (tx) =>
      stakeCalls.stakeAndSealForUser(tx, {...call(rig.packageId), ...seal, amount: 5n * SUI}),
    )
    assert.equal(rig.cluster.version, 1n)
    assert.equal(rig.cluster.versionPackageId, rig.packageId)
  })

  it('publishes the next version by the UpgradeCap', async () => {
    const {modules, dependencies, digest} = next
    const done = await rig.run(rig.signers[0]!, (tx) => {
      const ticket = tx.moveCall({
        target: '0x2::package::authorize_upgrade',
        arguments: [tx.object(rig.upgradeCap), tx.pure.u8(COMPATIBLE), tx.pure.vector('u8', digest)],
      })
      const receipt = tx.upgrade({modules, dependencies, package: rig.packageId, ticket})
      tx.moveCall({
        target: '0x2::package::commit_upgrade',
        arguments: [tx.object(rig.upgradeCap), receipt],
      })
    })
    upgraded = made(done, 'package')
    assert.notEqual(upgraded, rig.packageId)
  })

  it('refuses clusters that are not migrated, while the first version goes on', async () => {
    const user = rig.signers[1]!
    const stake = (packageId: string): Promise<unknown> =>
      rig.run(user, (tx) => stakeCalls.stakeForUser(tx, {...call(packageId), amount: SUI}))
    assert.equal(await abortNameOf(stake(upgraded)), 'E_WRONG_VERSION')
    assert.equal(await abortNameOf(stake(rig.packageId)), '')
  })

  it('migrates only with the AdminCap, once', async () => {
    const admin = rig.signers[0]!
    const migrate = (packageId: string): Promise<unknown> =>
      rig.run(admin, (tx) => migrateCluster(tx, {...call(packageId), cap: rig.adminCap}))
    assert.equal(await abortNameOf(migrate(rig.packageId)), 'E_NOT_OLDER')
    assert.equal(await abortNameOf(migrate(upgraded)), '')
    assert.equal(await abortNameOf(migrate(upgraded)), 'E_NOT_OLDER')
    const after = await readCluster(rig.client, rig.cluster.id)
    assert.deepEqual([after.version, after.packageId, after.versionPackageId], [2n, rig.packageId, upgraded])
    assert.deepEqual(rig.events.at(-1), {
      $kind: 'ClusterMigrated',
      cluster: rig.cluster.id,
      from: 1n,
      to: 2n,
      versionPackageId: upgraded,
    })
  })

  it('is followed by who began with the first version: refused once, then never', async () => {
    const user = rig.signers[1]!
    const upgrades = followUpgrades(rig.client, rig.cluster)
    const called: string[] = []
    const stake = (): Promise<unknown> =>
      upgrades.run((each) => {
        called.push(each.packageId)
        return rig.run(user, (tx) => stakeCalls.stakeForUser(tx, {...each, amount: SUI}))
      })
    await stake()
    await stake()
    assert.deepEqual(called, [rig.packageId, upgraded, upgraded])
    const tooLittle = upgrades.run((each) =>
      rig.run(user, (tx) => stakeCalls.stakeForUser(tx, {...each, amount: 1n})),
    )
    assert.equal(await abortNameOf(tooLittle), 'E_BELOW_MINIMUM')
  })

  it('keeps the types of objects and events at the package that defined them', async () => {
    const done = await rig.run(rig.signers[1]!, (tx) =>
      stakeCalls.stakeForUser(tx, {...call(upgraded), amount: SUI}),
    )
    const ours = [...done.events, ...done.created].map(({type}) => type).filter((type) => type.includes('::staking::'))
    assert.deepEqual(
      ours.map((type) => type.split('::')[0]),
      [rig.packageId, rig.packageId, rig.packageId],
    )
  })

  it('then refuses the first version, and all that was made by it works on', async () => {
    const [admin, user] = [rig.signers[0]!, rig.signers[1]!]
    const owner = user.toSuiAddress()
    const [token] = await listSeals(rig.client, rig.packageId, owner)
    assert.ok(token)
    const ask = (packageId: string): Promise<unknown> =>
      rig.run(user, (tx) =>
        requestCalls.executeKubectl(tx, {
          ...call(packageId),
          seal: token.id,
          stake: token.stake,
          requestId: new Uint8Array(16).fill(3),
          verb: 'get',
          resource: 'pods',
          namespace: 'default',
          envelope: [new Uint8Array(10)],
          priority: 0,
        }),
      )
    assert.equal(await abortNameOf(ask(rig.packageId)), 'E_WRONG_VERSION')
    assert.equal(await abortNameOf(ask(upgraded)), '')
    const setShare = (packageId: string): Promise<unknown> =>
      rig.run(admin, (tx) => setSlashBps(tx, {...call(packageId), cap: rig.adminCap, slashBps: 500n}))
    assert.equal(await abortNameOf(setShare(rig.packageId)), 'E_WRONG_VERSION')
    assert.equal(await abortNameOf(setShare(upgraded)), '')

    const ticket = (await listStakeTickets(rig.client, rig.packageId, owner)).find(
      (each) => each.stake === token.stake,
    )
    assert.ok(ticket)
    const withdraw = (packageId: string): Promise<unknown> =>
      rig.run(user, (tx) =>
        stakeCalls.withdrawStake(tx, {...call(packageId), stake: token.stake, ticket: ticket.id, recipient: owner}),
      )
    assert.equal(await abortNameOf(withdraw(rig.packageId)), 'E_WRONG_VERSION')
    assert.equal(await abortNameOf(withdraw(upgraded)), '')
    await assert.rejects(readStake(rig.client, token.stake))
  })
})
