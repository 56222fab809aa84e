import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {MultiSigPublicKey} from '@mysten/sui/multisig'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {ownedCap} from '../../../src/lib/cluster/caps.ts'
import {readCluster} from '../../../src/lib/contracts/reads.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction} from '../../../src/lib/sui/execute.ts'
import {assertRefusal} from '../../helpers/assert-refusal.ts'
import {type CliWorld, keyOf, startCliWorld, type Who} from '../../helpers/cli-world.ts'

interface Document {
  changed: boolean
  grant?: string
  grants?: string[]
  set?: string[]
  tokenFile?: string
  permissions?: string[]
  digest?: string
}

/** What `daas cluster info --json` prints, as far as it is looked at. */
interface ClusterView {
  lockMs: Record<string, string>
  minStakeMist: Record<string, string>
}

const SEAL = `0x${'5'.repeat(64)}`

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
  this.timeout(180_000)
  let world: CliWorld
  let user: string

  before(async () => {
    world = await startCliWorld()
    user = world.ready.people.user.address
  })
  after(() => world?.close())

  const onChain = () => readCluster(createSuiClient({url: world.ready.rpcUrl}), world.ready.cluster)
  const admin = (args: string[]) => world.as('admin', ['cluster', ...args, '--json'])

  it('refuses what nobody can do, by name', async () => {
    const refusals: [string[], string, number][] = [
      [['grant', 'bob', ...GRANT], 'DAAS-C101', 2],
      [['grant', user, ...GRANT.slice(0, -1), 'yesterday'], 'DAAS-C102', 2],
      [['grant', user, ...GRANT, '--permission', 'get'], 'DAAS-C103', 2],
      [['grant', user, ...GRANT, '--namespace', 'Dev'], 'DAAS-C104', 2],
      [['revoke', user], 'DAAS-C105', 6],
      [['set'], 'DAAS-C107', 2],
      [['set', '--verb-minimum', 'delete'], 'DAAS-C108', 2],
      [['listener', 'revoke', 'x'], 'DAAS-C116', 2],
      [['endpoints'], 'DAAS-C119', 2],
      [['release-name', 'W_1'], 'DAAS-U104', 2],
      [['score', 'nobody', '--score', '1'], 'DAAS-W111', 7],
      [['score', 'nobody', '--score', '1001'], 'DAAS-U110', 2],
      [['prune', 'x'], 'DAAS-C116', 2],
      [['revoke-seal'], 'DAAS-C120', 2],
      [['revoke-seal', '--before', 'once'], 'DAAS-C121', 2],
      [['execute', 'none', '--signature', 'x'], 'DAAS-S114', 2],
    ]
    await sideBySide(refusals, async ([args, code, exit]) => assertRefusal(await admin(args), code, exit))
  })

  it('refuses everyone but who holds the capability', async () => {
    const acts: [Who, string[]][] = [
      ['user', ['grant', user, ...GRANT]],
      ['user', ['set', '--slash-bps', '1']],
      ['user', ['listener', 'add', user]],
      ['user', ['revoke-seal', SEAL]],
      ['admin', ['endpoints', '--none']],
    ]
    await sideBySide(acts, async ([who, args]) =>
      assertRefusal(await world.as(who, ['cluster', ...args, '--json']), 'DAAS-W107', 4),
    )
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

  it('sets what is left: locks, tiers, times; and leaves the rest as it was', async () => {
    const before = (await admin(['info'])).json<ClusterView>()
    const tiers = ['--tier', '1=get:*,list:*', '--tier', '20sui=*:*']
    const times = ['--request-ttl', '30s,1m,2m,3m', '--key-overlap', '5m', '--max-seal-ttl', '12h']
    const run = await admin(['set', ...tiers, ...times, '--lock', 'admin=1h', '--min-stake', 'user=3'])
    assert.equal(run.exitCode, 0, run.stdout)
    const after = (await admin(['info'])).json<ClusterView>()
    assert.deepEqual(after, {
      ...before,
      tiers: [
        {minStake: '1000000000', permissions: ['get:*', 'list:*']},
        {minStake: '20000000000', permissions: ['*:*']},
      ],
      requestTtlMs: ['30000', '60000', '120000', '180000'],
      keyOverlapMs: '300000',
      maxSealTtlMs: '43200000',
      lockMs: {...before.lockMs, admin: '3600000'},
      minStakeMist: {...before.minStakeMist, user: '3000000000'},
    })
  })

  it('lets one more listener in, and throws it out, once', async () => {
    const {listenerCap} = (await admin(['listener', 'add', user])).json<{listenerCap: string}>()
    const with2 = (await onChain()).listenerCaps
    assert.deepEqual([with2.length, with2.at(-1)], [2, listenerCap])
    const revoke = () => admin(['listener', 'revoke', listenerCap])
    assert.equal((await revoke()).json<Document>().changed, true)
    assert.equal((await revoke()).json<Document>().changed, false)
    assert.equal((await onChain()).listenerCaps.length, 1)
  })

  it('takes endpoints from the listener', async () => {
    const endpoints = ['--endpoint', '9=https://b.example', '--endpoint', '5=https://a.example']
    const set = await world.as('listener', ['cluster', 'endpoints', ...endpoints, '--json'])
    assert.equal(set.exitCode, 0, set.stdout)
    assert.deepEqual((await onChain()).endpoints, [
      {minStake: 5_000_000_000n, urls: ['https://a.example']},
      {minStake: 9_000_000_000n, urls: ['https://b.example']},
    ])
  })

  it('revokes seals once, forgets them, and ends all that are older than a date', async () => {
    const revoke = (...args: string[]) => admin(['revoke-seal', ...args])
    assert.equal((await revoke(SEAL)).json<Document>().changed, true)
    assert.deepEqual((await onChain()).revokedSeals, [SEAL])
    assert.equal((await revoke(SEAL)).json<Document>().changed, false)
    // A seal that may live stays revoked, until all of its age are.
    assertRefusal(await revoke(SEAL, '--forget'), 'DAAS-S112', 6)
    const before = Number((await onChain()).revocations[0]!.revokedAtMs) + 1
    assert.equal((await revoke('--before', new Date(before).toISOString())).exitCode, 0)
    assert.equal((await revoke(SEAL, '--forget')).json<Document>().changed, true)
    const {revokedSeals, sealsValidFromMs} = await onChain()
    assert.deepEqual([revokedSeals, sealsValidFromMs], [[], BigInt(before)])
  })

  it('knows clusters by names, from the configuration and from the chain', async () => {
    const {cluster} = world.ready
    const use = (...args: string[]) => admin(['use', ...args])
    const [bad, unknown, none, info] = await Promise.all([
      use('Lab', cluster),
      use('nowhere'),
      use('lab', SEAL),
      admin(['info', '--cluster', 'lab']),
    ])
    assertRefusal(bad, 'DAAS-C118', 2)
    assertRefusal(unknown, 'DAAS-C117', 2)
    assertRefusal(none, 'DAAS-S109', 6)
    assertRefusal(info, 'DAAS-C117', 2)
    const used = (await use('lab', cluster)).json<{name: string; cluster: string; warnings: object[]}>()
    assert.deepEqual([used.name, used.cluster, used.warnings.length], ['lab', cluster, 1])
    // By the configuration alone: neither cluster nor network is named.
    const [list, own, again] = await Promise.all([
      admin(['list', '--cluster', 'lab']),
      world.home.run(['cluster', 'info', '--json']),
      use('lab'),
    ])
    assert.equal(own.json<{cluster: string}>().cluster, cluster)
    assert.equal(again.json<Document>().changed, false)
    assert.deepEqual(list.json<{clusters: object[]}>().clusters, [
      {
        cluster,
        name: 'lab',
        nameOnChain: 'devnet',
        package: world.ready.package,
        network: 'devnet',
        rpcUrl: world.ready.rpcUrl,
        current: true,
        roles: ['administrator'],
      },
    ])
  })

  it('is done by a multisig of two of three as well, none of whom is here', async () => {
    const members = [1, 2, 3].map(() => Ed25519Keypair.generate())
    const publicKeys = members.map((each) => ({publicKey: each.getPublicKey(), weight: 1}))
    const multisig = MultiSigPublicKey.fromPublicKeys({threshold: 2, publicKeys})
    const address = multisig.toSuiAddress()
    await handOver(world, address)

    const unsigned = ['cluster', 'set', '--slash-bps', '77', '--unsigned', '--address', address]
    const [json, piped] = await Promise.all([
      world.as('admin', [...unsigned, '--json']),
      world.as('admin', [...unsigned, '--quiet']),
    ])
    const made = json.json<{transaction: string; sender: string; changed: boolean}>()
    assert.deepEqual([made.changed, made.sender], [false, address])
    assert.deepEqual([piped.exitCode, piped.stderr, piped.stdout], [0, '', made.transaction])

    const file = join(world.home.dir, 'transaction.txt')
    await writeFile(file, `${piped.stdout}\n`)
    const bytes = Buffer.from(piped.stdout, 'base64')
    const parts = await Promise.all(members.slice(1).map((each) => each.signTransaction(bytes)))
    const signatures = parts.map(({signature}) => signature)
    const execute = (signature: string) => admin(['execute', file, '--signature', signature])
    assertRefusal(await execute(signatures[0]!), 'DAAS-S115', 4)
    const done = await execute(multisig.combinePartialSignatures(signatures))
    assert.equal(done.exitCode, 0, done.stdout)
    assert.equal(done.json<{sender: string}>().sender, address)
    assert.equal((await onChain()).slashBps, 77n)
  })
})

/** Two at a time: as many as the machines of CI have processors. */
async function sideBySide<T>(all: readonly T[], check: (each: T) => Promise<unknown>): Promise<void> {
  const left = [...all]
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await check(next)
  }
  await Promise.all([work(), work()])
}

/** Gives the AdminCap of the world's cluster away, and SUI for gas. */
async function handOver(world: CliWorld, recipient: string): Promise<void> {
  const client = createSuiClient({url: world.ready.rpcUrl})
  const signer = await keyOf(world, 'admin')
  const owner = signer.toSuiAddress()
  const cluster = await readCluster(client, world.ready.cluster)
  const tx = new Transaction()
  const cap = await ownedCap({client, owner, cluster, cap: 'AdminCap'})
  tx.transferObjects([tx.object(cap), tx.splitCoins(tx.gas, [1_000_000_000])], recipient)
  await executeTransaction({client, signer}, tx)
}
