import {Transaction} from '@mysten/sui/transactions'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import PQueue from 'p-queue'
import which from 'which'
import {readSeal} from '../../../src/lib/contracts/reads.ts'
import {createUserSeal} from '../../../src/lib/contracts/transactions/seals.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {executeTransaction} from '../../../src/lib/sui/execute.ts'
import {assertRefusal, type Failure} from '../../helpers/assert-refusal.ts'
import {type CliWorld, keyOf, startCliWorld, type Who} from '../../helpers/cli-world.ts'
import {isAlive} from '../../helpers/processes.ts'
import type {Run} from '../../helpers/run-daas.ts'
import {skipFor} from '../../helpers/skip.ts'
import type {RunningDaas} from '../../helpers/start-daas.ts'
import {registrationRefusals} from './registration-refusals.ts'

const FIXTURE = fileURLToPath(new URL('../../fixtures/k3s-agent.mjs', import.meta.url))
const ID = `0x${'1'.repeat(64)}`
const STAKE = ['stake', '--node', 'w1', '--amount', '1sui']
const KUBECTL = ['kubectl', 'get', '--raw', '/api/v1/nodes']

describe('refusals', () => {
  let world: CliWorld
  let listener: RunningDaas
  let worker: {stake: string; seal: string; tokenFile: string}
  let kubectl: string | null
  let partner: string

  before(async function () {
    this.timeout(90_000)
    kubectl = await which('kubectl', {nothrow: true})
    world = await startCliWorld()
    partner = world.ready.kubernetes.joinPartner?.bin ?? ''
    const staked = await ok(world.as('operator', ['stake', '--node', 'w1', '--amount', '1sui', '--json']))
    const sealed = await ok(world.as('operator', ['seal', '--node', 'w1', '--json']))
    worker = {...(staked as {stake: string}), ...(sealed as {seal: string; tokenFile: string})}
  })

  after(async function () {
    this.timeout(60_000)
    await world?.close()
  })

  /** Asserts the whole document of a refusal under --json. */
  async function refuses(
    who: Who,
    args: readonly string[],
    [code, exitCode]: readonly [string, number],
    env: Record<string, string> = {},
  ): Promise<Failure> {
    const run = await world.as(who, [...args, '--json'], env)
    return assertRefusal(run, code, exitCode)
  }

  const withoutListener: [string, Who, () => string[], [string, number]][] = [
    [
      'an amount above the balance',
      'operator',
      () => ['stake', '--node', 'w2', '--amount', '2000000sui'],
      ['DAAS-S106', 6],
    ],
    [
      'an amount below the minimum',
      'operator',
      () => ['stake', '--node', 'w2', '--amount', '1mist'],
      ['DAAS-W101', 6],
    ],
    [
      'an unknown network',
      'operator',
      () => [...STAKE, '--network', 'nowhere', '--rpc-url', ''],
      ['DAAS-U103', 2],
    ],
    ['a cluster without a name here', 'operator', () => [...STAKE, '--cluster', 'lab'], ['DAAS-C117', 2]],
    ['a cluster that is not there', 'operator', () => [...STAKE, '--cluster', ID], ['DAAS-S109', 6]],
    ['a cluster of another type', 'operator', () => [...STAKE, '--cluster', worker.stake], ['DAAS-S110', 2]],
    ['a seal without a stake', 'user', () => ['seal', '--user'], ['DAAS-W102', 4]],
    [
      'a slash without the AdminCap',
      'operator',
      () => ['slash', worker.stake, '--reason', 'x', '--yes'],
      ['DAAS-W107', 4],
    ],
    [
      'a slash of a node that is unknown',
      'admin',
      () => ['slash', 'nobody', '--reason', 'x', '--yes'],
      ['DAAS-W111', 7],
    ],
    [
      'a listener without the ListenerCap',
      'operator',
      () => ['listen', '--kubeconfig', world.ready.kubernetes.kubeconfig],
      ['DAAS-L103', 4],
    ],
    [
      'a listener without a kubeconfig',
      'listener',
      () => ['listen', '--kubeconfig', 'nowhere.yaml'],
      ['DAAS-K101', 2],
    ],
    ['a node name that is no DNS label', 'operator', () => ['join', '--node', 'W_1'], ['DAAS-U104', 2]],
    [
      'a k3s that is not there',
      'operator',
      () => ['join', '--node', 'w1', '--k3s-bin', '/nowhere/k3s'],
      ['DAAS-J106', 5],
    ],
    [
      'a k3s of the wrong checksum',
      'operator',
      () => ['join', '--node', 'w1', '--k3s-bin', partner, '--k3s-sha256', '0'.repeat(64)],
      ['DAAS-J107', 5],
    ],
    [
      'a k3s that cannot be fetched',
      'operator',
      () => ['join', '--node', 'w1', '--k3s-mirror', 'http://127.0.0.1:1'],
      ['DAAS-J108', 69],
    ],
    [
      'a kubeconfig that is none, for the devnet',
      'operator',
      () => ['devnet', '--port', '0', '--kubernetes', 'nowhere.yaml', '--dir', 'other'],
      ['DAAS-K101', 2],
    ],
  ]
  describe('without a listener', () => {
    const runs: Promise<Run>[] = []
    let unannounced: Promise<Run>
    // None of them changes anything: side by side, but the joins one after the other, for they lock the node.
    before(() => {
      const joins = new PQueue({concurrency: 1})
      const others = new PQueue({concurrency: 1})
      for (const [, who, args] of withoutListener) {
        const command = args()
        const queue = command[0] === 'join' ? joins : others
        runs.push(queue.add(() => world.as(who, [...command, '--json'])))
      }

      const command = ['join', '--node', 'w1', '--k3s-bin', partner, '--json']
      unannounced = joins.add(() => world.as('operator', command))
    })
    after(() => Promise.allSettled([...runs, unannounced]))
    for (const [index, [what, , , [code, exitCode]]] of withoutListener.entries()) {
      it(`${what}: ${code}, exit ${exitCode}`, async function () {
        this.timeout(60_000)
        assertRefusal((await runs[index])!, code, exitCode)
      })
    }

    it('a key that is not that of the stake: DAAS-W102, and a key of no SUI: DAAS-S106', async function () {
      this.timeout(30_000)
      const keyFile = join(world.home.dir, 'poor.key')
      await writeFile(keyFile, Ed25519Keypair.generate().getSecretKey(), {mode: 0o600})
      const [, poor] = await Promise.all([
        refuses('operator', ['unstake', '--node', 'w1', '--yes'], ['DAAS-W102', 4], {DAAS_KEY_FILE: keyFile}),
        refuses('operator', STAKE, ['DAAS-S106', 6], {DAAS_KEY_FILE: keyFile}),
      ])
      assert.match(poor.message, / has 0 MIST /)
    })

    it('an RPC that is none: DAAS-S102, exit 69, with the URL; in text mode on stderr alone', async function () {
      this.timeout(30_000)
      const server = createServer((_req, res) => res.writeHead(404).end('no such page'))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      try {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
        const {message} = await refuses('operator', [...STAKE, '--rpc-url', url], ['DAAS-S102', 69])
        assert.ok(message.includes(url), message)
        const text = await world.as('operator', [...STAKE, '--rpc-url', url])
        assert.deepEqual([text.exitCode, text.stdout], [69, ''])
        assert.match(text.stderr, /DAAS-S102/)
      } finally {
        server.close()
      }
    })

    it('no listener announced: join says DAAS-G109, exit 69, before any coin moves; status says so with 5', async function () {
      this.timeout(60_000)
      const status = await world.as('operator', ['status', '--node', 'w1', '--json'])
      assertRefusal(await unannounced, 'DAAS-G109', 69)
      const {healthy, sections} = status.json<{healthy: boolean; sections: {name: string; state: string}[]}>()
      assert.deepEqual([status.exitCode, healthy], [5, false])
      assert.notEqual(sections.find(({name}) => name === 'listener')?.state, 'ok')
    })
  })

  describe('with a listener', () => {
    before(async function () {
      this.timeout(60_000)
      const user = ['--user', '--json']
      const [running] = await Promise.all([
        world.listen(),
        ok(world.as('user', ['stake', '--amount', '1sui', ...user])).then(() =>
          ok(world.as('user', ['seal', '--ttl-hours', '1', ...user])),
        ),
        // Somebody else's claim to the name of the operator's node.
        ok(world.as('admin', ['stake', '--node', 'w1', '--amount', '1sui', '--json'])),
      ])
      listener = running
    })

    it('kubectl with the seal of another owner: DAAS-W106, exit 4', async function () {
      if (kubectl === null) skipFor(this, 'kubectl', 'install kubectl')
      this.timeout(30_000)
      assertText(await world.as('user', KUBECTL, {DAAS_SEAL: worker.seal}), 4, 'DAAS-W106')
    })

    it('kubectl with an expired seal: DAAS-W105, exit 4', async function () {
      if (kubectl === null) skipFor(this, 'kubectl', 'install kubectl')
      this.timeout(30_000)
      assertText(await world.as('user', KUBECTL, {DAAS_SEAL: await expiredSeal(world)}), 4, 'DAAS-W105')
    })

    it('kubectl without the permission: Forbidden, and the exit code is that of kubectl', async function () {
      if (kubectl === null) skipFor(this, 'kubectl', 'install kubectl')
      this.timeout(30_000)
      const run = await world.as('user', ['kubectl', 'delete', 'node', 'w1', '--wait=false'])
      assert.deepEqual([run.exitCode, run.stdout], [1, ''])
      assert.match(run.stderr, /Forbidden|forbidden/)
    })

    it('a seal whose token is not on this machine: DAAS-W104, exit 4', async function () {
      this.timeout(30_000)
      const env = {XDG_DATA_HOME: join(world.home.dir, 'elsewhere')}
      await refuses('operator', ['seal', '--node', 'w1'], ['DAAS-W104', 4], env)
    })

    registrationRefusals(() => ({world, ...worker}))

    describe('the join', () => {
      it('a node name that another stake has: DAAS-J114 naming DAAS-L404, exit 7', async function () {
        this.timeout(60_000)
        const {details} = await refuses(
          'admin',
          ['join', '--node', 'w1', '--k3s-bin', partner],
          ['DAAS-J114', 7],
        )
        assert.deepEqual([details?.code, details?.status], ['DAAS-L404', 409])
      })

      const agents: [string, string[], [string, number]][] = [
        ['die', [], ['DAAS-J111', 7]],
        ['run', ['--timeout', '5'], ['DAAS-J112', 75]],
        ['loop', [], ['DAAS-J113', 7]],
      ]
      it('an agent that dies, never becomes ready or tries for ever: each by its code, and the agent is gone', async function () {
        this.timeout(90_000)
        // One after the other: two joins of one node refuse each other (DAAS-J118).
        for (const [mode, args, verdict] of agents) {
          const bin = await fixtureAgent(world.home.dir, mode)
          const dataDir = join(world.home.dir, `data-${mode}`)
          const paths = ['--k3s-bin', bin, '--data-dir', dataDir]
          const command = ['join', '--node', 'w1', ...paths, '--ignore-preflight', 'all', ...args]
          const {details} = await refuses('operator', command, verdict)
          assert.equal(details?.log, join(dataDir, 'agent.log'))
          const dump = JSON.parse(await readFile(join(dataDir, 'dump.json'), 'utf8')) as {pid: number}
          assert.equal(await isAlive(dump.pid), false, mode)
        }
      })

      it('a seal that is past its time on chain: kubectl is told so by the gateway', async function () {
        if (kubectl === null) skipFor(this, 'kubectl', 'install kubectl')
        this.timeout(60_000)
        const client = createSuiClient({url: world.ready.rpcUrl})
        await client.forkingService.advanceClock({durationMs: 2n * 3_600_000n})
        const run = await world.as('user', KUBECTL)
        assert.deepEqual([run.exitCode, run.stdout], [1, ''])
        assert.match(run.stderr, /expired|Unauthorized/)
      })

      it('a listener that is down: join says DAAS-J115, exit 69; status says so with 5', async function () {
        this.timeout(90_000)
        await listener.stop('SIGTERM')
        const [failure, status] = await Promise.all([
          refuses('operator', ['join', '--node', 'w1', '--k3s-bin', partner], ['DAAS-J115', 69]),
          world.as('operator', ['status', '--node', 'w1', '--json']),
        ])
        assert.match(failure.message, /ECONNREFUSED/)
        assert.equal(status.exitCode, 5)
      })
    })
  })
})

async function ok(running: Promise<Run>): Promise<Record<string, unknown>> {
  const run = await running
  assert.equal(run.exitCode, 0, `${run.stdout}\n${run.stderr}`)
  return run.json()
}

function assertText(run: Run, exitCode: number, code: string): void {
  assert.deepEqual([run.exitCode, run.stdout], [exitCode, ''], run.stderr)
  assert.ok(run.stderr.includes(`[${code}]`), run.stderr)
}

/** A seal of the user that lived for a millisecond: shorter than the command line lets one make it. */
async function expiredSeal(world: CliWorld): Promise<string> {
  const {rpcUrl: url, cluster, package: packageId} = world.ready
  const client = createSuiClient({url})
  const signer = await keyOf(world, 'user')
  const stake = (await world.as('user', ['stake', '--user', '--amount', '1sui', '--json'])).json<{
    stake: string
  }>().stake
  const tx = new Transaction()
  createUserSeal(tx, {packageId, cluster, stake, tokenHash: randomBytes(32), ttlMs: 1n})
  const {created} = await executeTransaction({client, signer, url}, tx)
  const seal = created.find(({type}) => type.endsWith('::SealToken'))?.objectId ?? ''
  assert.ok((await readSeal(client, seal)).expiresAtMs <= BigInt(Date.now()))
  return seal
}

/** An executable that behaves as a k3s agent of the mode does. */
async function fixtureAgent(dir: string, mode: string): Promise<string> {
  const file = join(dir, 'agents', mode)
  await mkdir(join(dir, 'agents'), {recursive: true})
  const script = `#!/bin/sh\nexport FIXTURE_MODE=${mode}\nexec '${process.execPath}' '${FIXTURE}' "$@"\n`
  await writeFile(file, script, {mode: 0o755})
  return file
}
