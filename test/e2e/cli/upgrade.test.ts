import assert from 'node:assert/strict'
import {join} from 'node:path'
import {CoreV1Api, KubeConfig} from '@kubernetes/client-node'
import {assertRefusal} from '../../helpers/assert-refusal.ts'
import {type CliWorld, startCliWorld} from '../../helpers/cli-world.ts'
import {compileNextRelease, writeBuild} from '../../helpers/next-release.ts'
import type {Run} from '../../helpers/run-daas.ts'
import type {RunningDaas} from '../../helpers/start-daas.ts'

interface Document {
  changed: boolean
  dryRun?: boolean
  package?: string
  from?: string
  to?: string
  version?: string
  gasMist?: string
}

describe('an upgrade of the contracts under everything that runs', function () {
  this.timeout(180_000)
  let world: CliWorld
  let listener: RunningDaas
  let gateway: RunningDaas
  let api: CoreV1Api
  let build: string
  let next: string | undefined

  before(async () => {
    const compiled = compileNextRelease()
    world = await startCliWorld()
    build = join(world.home.dir, 'next')
    await writeBuild(build, await compiled)
    listener = await world.listen()
    await world.as('user', ['stake', '--user', '--amount', '10sui'])
    await world.as('user', ['seal', '--user'])
    const kubeconfig = join(world.home.dir, 'gateway.yaml')
    gateway = world.start('user', ['gateway', '--json', '--write-kubeconfig', kubeconfig])
    await gateway.waitFor('ready')
    const config = new KubeConfig()
    config.loadFromFile(kubeconfig)
    api = config.makeApiClient(CoreV1Api)
  })
  after(() => world?.close())

  const admin = (...args: string[]): Promise<Run> => world.as('admin', ['cluster', ...args, '--json'])
  const write = async (name: string): Promise<void> => {
    const made = await api.createNamespacedConfigMap({namespace: 'default', body: {metadata: {name}}})
    assert.equal(made.metadata?.name, name)
  }

  it('is refused without the UpgradeCap or a build, and finds what is on chain already', async () => {
    const [user, noBuild, same, migrated] = await Promise.all([
      world.as('user', ['cluster', 'upgrade', '--build', build, '--json']),
      admin('upgrade', '--build', world.home.dir),
      admin('upgrade'),
      admin('migrate'),
    ])
    assertRefusal(user, 'DAAS-C109', 4)
    assertRefusal(noBuild, 'DAAS-C110', 2)
    const {changed, package: known, version} = same.json<Document>()
    assert.deepEqual([changed, known, version], [false, world.ready.package, '1'])
    const {changed: handed, from} = migrated.json<Document>()
    assert.deepEqual([handed, from], [false, '1'])
  })

  it('publishes the next version once, and says beforehand what that costs', async () => {
    const dry = (await admin('upgrade', '--build', build, '--dry-run')).json<Document>()
    assert.deepEqual([dry.changed, dry.dryRun], [false, true])
    assert.ok(BigInt(dry.gasMist ?? 0) > 0n)
    const run = await admin('upgrade', '--build', build)
    assert.equal(run.exitCode, 0, run.stdout)
    const done = run.json<Document>()
    next = done.package
    assert.deepEqual([done.changed, done.from, done.version], [true, world.ready.package, '2'])
    const again = (await admin('upgrade', '--build', build)).json<Document>()
    assert.deepEqual([again.changed, again.package], [false, next])
  })

  it('leaves the cluster with the version before until it is migrated', async () => {
    const stake = world.as('operator', ['stake', '--node', 'early', '--amount', '1', '--json'])
    await write('before')
    const staked = await stake
    assert.equal(staked.exitCode, 0, staked.stdout)
  })

  it('migrates with the AdminCap only, once', async () => {
    const [user, dry] = await Promise.all([
      world.as('user', ['cluster', 'migrate', '--json']),
      admin('migrate', '--dry-run'),
    ])
    assertRefusal(user, 'DAAS-W107', 4)
    const {changed, package: planned} = dry.json<Document>()
    assert.deepEqual([changed, planned], [false, next])
    const done = (await admin('migrate')).json<Document>()
    assert.deepEqual([done.changed, done.from, done.to, done.package], [true, '1', '2', next])
    const info = (await admin('info')).json()
    assert.deepEqual([info.package, info.callPackage], [world.ready.package, next])
  })

  it('is followed by the gateway and the listener that run: a write and a read', async () => {
    await write('after')
    const read = await api.readNamespacedConfigMap({namespace: 'default', name: 'before'})
    assert.equal(read.metadata?.name, 'before')
    assert.equal(listener.stderr().includes('"level":"error"'), false, listener.stderr())
  })

  it('lets nodes stake, seal, join and withdraw, those of the version before too', async () => {
    const bin = world.ready.kubernetes.joinPartner?.bin ?? ''
    const join = world.start('operator', ['join', '--node', 'early', '--k3s-bin', bin, '--json'])
    await join.waitFor('joined')
    for (const args of [
      ['stake', '--node', 'late', '--amount', '1'],
      ['seal', '--node', 'late'],
      ['unstake', '--node', 'late', '--yes'],
    ]) {
      const run = await world.as('operator', [...args, '--json'])
      assert.deepEqual([run.exitCode, run.json<Document>().changed], [0, true], run.stdout)
    }
    const slashed = await world.as('admin', ['slash', 'early', '--reason', 'drill', '--yes', '--json'])
    assert.equal(slashed.exitCode, 0, slashed.stdout)
    assert.notEqual((await join.ended).exitCode, 0)
  })
})
