import assert from 'node:assert/strict'
import {stat} from 'node:fs/promises'
import {assertRefusal} from '../../helpers/assert-refusal.ts'
import {type CliWorld, startCliWorld} from '../../helpers/cli-world.ts'

interface Document {
  changed: boolean
  grant?: string
  grants?: string[]
  set?: string[]
  tokenFile?: string
  permissions?: string[]
  digest?: string
}

const GRANT = [
  '--permission',
  'get:pods',
  '--permission',
  'list:pods',
  '--namespace',
  'default',
  '--expires',
  '8h',
]

describe('administration of a cluster, command by command', function () {
  this.timeout(60_000)
  let world: CliWorld
  let user: string

  before(async () => {
    world = await startCliWorld()
    user = world.ready.people.user.address
  })
  after(() => world?.close())

  const admin = (args: string[]) => world.as('admin', ['cluster', ...args, '--json'])

  it('refuses what nobody can grant, by name', async () => {
    assertRefusal(await admin(['grant', 'bob', ...GRANT]), 'DAAS-C101', 2)
    assertRefusal(await admin(['grant', user, ...GRANT.slice(0, -1), 'yesterday']), 'DAAS-C102', 2)
    assertRefusal(await admin(['grant', user, ...GRANT, '--permission', 'get']), 'DAAS-C103', 2)
    assertRefusal(await admin(['grant', user, ...GRANT, '--namespace', 'Dev']), 'DAAS-C104', 2)
    assertRefusal(await admin(['revoke', user]), 'DAAS-C105', 6)
    assertRefusal(await admin(['set']), 'DAAS-C107', 2)
    assertRefusal(await admin(['set', '--verb-minimum', 'delete']), 'DAAS-C108', 2)
  })

  it('refuses everyone but the administrator', async () => {
    const run = await world.as('user', ['cluster', 'grant', user, ...GRANT, '--json'])
    assert.equal(run.exitCode, 4, run.stdout)
    const set = await world.as('user', ['cluster', 'set', '--slash-bps', '1', '--json'])
    assert.equal(set.exitCode, 4, set.stdout)
  })

  it('has nothing to seal before the grant', async () => {
    assertRefusal(await world.as('user', ['seal', '--grant', '--json']), 'DAAS-C105', 6)
  })

  it('grants, and says beforehand what it would cost', async () => {
    const dry = await admin(['grant', user, ...GRANT, '--dry-run'])
    assert.equal(dry.json<Document>().changed, false, dry.stderr)
    const run = await admin(['grant', user, ...GRANT])
    assert.equal(run.exitCode, 0, run.stdout)
    const {changed, grant, permissions} = run.json<Document>()
    assert.deepEqual({changed, permissions}, {changed: true, permissions: ['get:pods', 'list:pods']})
    assert.match(grant ?? '', /^0x[0-9a-f]{64}$/)
  })

  it('seals the grant, once', async () => {
    const first = await world.as('user', ['seal', '--grant', '--json'])
    assert.equal(first.exitCode, 0, first.stdout)
    const {changed, permissions, tokenFile} = first.json<Document>()
    assert.deepEqual({changed, permissions}, {changed: true, permissions: ['get:pods', 'list:pods']})
    assert.equal((await stat(tokenFile ?? '')).mode & 0o777, 0o600)
    const second = await world.as('user', ['seal', '--grant', '--json'])
    assert.equal(second.json<Document>().changed, false)
    assert.equal(second.json<Document>().tokenFile, tokenFile)
  })

  it('revokes, once, and nothing is to be sealed any more', async () => {
    const first = await admin(['revoke', user])
    assert.equal(first.json<Document>().changed, true, first.stdout)
    assert.equal(first.json<Document>().grants?.length, 1)
    const second = await admin(['revoke', user])
    assert.deepEqual([second.exitCode, second.json<Document>().changed], [0, false])
    assertRefusal(await world.as('user', ['seal', '--grant', '--renew', '--json']), 'DAAS-C106', 6)
  })

  it('sets, and the chain shows it', async () => {
    const settings = ['--min-stake', '2', '--slash-bps', '2500', '--verb-minimum', 'delete=5sui', '--paused']
    const run = await admin(['set', ...settings, '--unbonding-hours', '1'])
    assert.deepEqual(run.json<Document>().set?.sort(), [
      'minStake',
      'paused',
      'slashBps',
      'unbondingMs',
      'verbMinStake',
    ])
    const info = (await admin(['info'])).json<{
      paused: boolean
      slashBps: string
      minStakeMist: {node: string}
    }>()
    assert.deepEqual(
      {paused: info.paused, slashBps: info.slashBps, node: info.minStakeMist.node},
      {paused: true, slashBps: '2500', node: '2000000000'},
    )
    const staked = await world.as('operator', ['stake', '--node', 'w9', '--amount', '2', '--json'])
    assert.equal(staked.exitCode, 6, staked.stdout)
    const opened = await admin(['set', '--no-paused', '--unbonding-hours', '0', '--min-stake', '1'])
    assert.equal(opened.exitCode, 0, opened.stdout)
    const again = await world.as('operator', ['stake', '--node', 'w9', '--amount', '2', '--json'])
    assert.equal(again.exitCode, 0, again.stdout)
  })

  it('unbonds a stake before it gives it back', async () => {
    assert.equal((await admin(['set', '--unbonding-hours', '1'])).exitCode, 0)
    const unstake = () => world.as('operator', ['unstake', '--node', 'w9', '--yes', '--json'])
    const first = (await unstake()).json<{changed: boolean; unbondingUntil?: string}>()
    assert.equal(first.changed, true)
    assert.ok(Date.parse(first.unbondingUntil ?? '') > Date.now())
    assert.equal((await unstake()).exitCode, 6)
  })
})
