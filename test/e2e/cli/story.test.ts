import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'
import which from 'which'
import {type CliWorld, startCliWorld} from '../../helpers/cli-world.ts'
import {familyOf, HAS_PROC, isAlive} from '../../helpers/processes.ts'
import {skipFor} from '../../helpers/skip.ts'
import type {RunningDaas} from '../../helpers/start-daas.ts'
import {waitUntil} from '../../helpers/wait-until.ts'

interface Changed {
  changed: boolean
  stake: string
  seal: string
  digest?: string
  gasMist?: string
  amountMist: string
  permissions: string[]
  tokenFile: string
}

interface StatusDocument {
  healthy: boolean
  node: string
  sections: {name: string; state: string}[]
}

const NODE = ['--node', 'worker-1']
const DECIMAL = /^\d+$/
const HOW_TO_KUBECTL = 'install kubectl (https://kubernetes.io/docs/tasks/tools/)'

describe('the whole story, command by command', () => {
  let world: CliWorld
  let listener: RunningDaas
  let join1: RunningDaas
  let staked: Changed
  let sealed: Changed
  let kubectl: string | null

  before(async function () {
    this.timeout(60_000)
    kubectl = await which('kubectl', {nothrow: true})
    world = await startCliWorld()
  })

  after(async function () {
    this.timeout(60_000)
    await world?.close()
  })

  it('devnet describes itself in its first line, with secrets in files that only their owner can read', async () => {
    const {ready, devnet} = world
    assert.equal(devnet.events[0]?.type, 'ready')
    assert.deepEqual(Object.keys(ready.env).sort(), ['DAAS_CLUSTER', 'DAAS_KEY_FILE', 'DAAS_RPC_URL'])
    assert.equal(ready.env.DAAS_KEY_FILE, ready.people.operator.keyFile)
    assert.equal(ready.kubernetes.joinPartner?.kind, 'embedded')
    const files = [...Object.values(ready.people).map(({keyFile}) => keyFile), ready.kubernetes.kubeconfig]
    for (const file of files) assert.equal(await modeOf(file), 0o600, file)
  })

  it('listen announces itself on chain, where cluster info shows it', async function () {
    this.timeout(30_000)
    listener = await world.listen()
    const {urls, announcedIn} = listener.events[0] as unknown as {urls: string[]; announcedIn: string}
    assert.match(announcedIn, /^\w{40,}$/)
    const info = await world.as('operator', ['cluster', 'info', '--json'])
    assert.equal(info.exitCode, 0, info.stderr)
    const shown = info.json()
    assert.deepEqual(shown.listenerUrls, urls)
    assert.deepEqual(
      {cluster: shown.cluster, name: shown.name, package: shown.package, minStakeMist: shown.minStakeMist},
      {
        cluster: world.ready.cluster,
        name: 'devnet',
        package: world.ready.package,
        minStakeMist: {node: '1000000000', user: '1000000000', admin: '1000000000'},
      },
    )
  })

  it('stake and seal change the chain once; a second run changes nothing and says so', async function () {
    this.timeout(60_000)
    const stake = ['stake', ...NODE, '--amount', '1sui', '--json']
    staked = await document(world, 'operator', stake)
    assert.equal(staked.changed, true)
    assert.equal(staked.amountMist, '1000000000')
    assert.match(staked.gasMist ?? '', DECIMAL)
    const again = await document(world, 'operator', stake)
    assert.deepEqual([again.changed, again.stake, again.digest], [false, staked.stake, undefined])

    sealed = await document(world, 'operator', ['seal', ...NODE, '--json'])
    assert.deepEqual([sealed.changed, sealed.stake], [true, staked.stake])
    assert.equal(await modeOf(sealed.tokenFile), 0o600)
    const resealed = await document(world, 'operator', ['seal', ...NODE, '--json'])
    assert.deepEqual(
      [resealed.changed, resealed.seal, resealed.tokenFile],
      [false, sealed.seal, sealed.tokenFile],
    )
  })

  it('join brings the node in, phase by phase, and stays', async function () {
    this.timeout(60_000)
    const bin = world.ready.kubernetes.joinPartner?.bin ?? ''
    join1 = world.start('operator', ['join', ...NODE, '--k3s-bin', bin, '--json'])
    const joined = await join1.waitFor<Record<string, unknown>>('joined')
    assert.deepEqual(
      [joined.node, joined.cluster, joined.stake, joined.seal],
      ['worker-1', world.ready.cluster, staked.stake, sealed.seal],
    )
    const done = join1.events.filter(({type, status}) => type === 'phase' && status === 'done')
    assert.deepEqual(
      done.map(({phase}) => phase),
      ['binary', 'preflight', 'stake', 'seal', 'register', 'verify', 'agent', 'ready'],
    )
    assert.equal(await isAlive(joined.pid as number), true)
    const nodeDir = join(world.home.dir, '.local/share/daas/nodes/worker-1')
    assert.equal(await modeOf(join(nodeDir, 'join-token')), 0o600)
  })

  it('status finds all of it healthy', async function () {
    this.timeout(30_000)
    // The listener says on chain that the node is Ready when its Node object says so.
    let status: StatusDocument | undefined
    await waitUntil('status is healthy', async () => {
      const run = await world.as('operator', ['status', ...NODE, '--json'])
      status = run.json<StatusDocument>()
      assert.equal(run.exitCode, status.healthy ? 0 : 5)
      return status.healthy
    })
    assert.deepEqual(
      status?.sections.map(({name, state}) => [name, state]),
      ['chain', 'stake', 'seal', 'node', 'listener'].map((name) => [name, 'ok']),
    )
  })

  it('a user stakes and seals, and may then what the stake allows', async function () {
    this.timeout(30_000)
    const stake = await document(world, 'user', ['stake', '--user', '--amount', '10sui', '--json'])
    assert.deepEqual([stake.changed, stake.amountMist], [true, '10000000000'])
    const seal = await document(world, 'user', ['seal', '--user', '--json'])
    assert.deepEqual([seal.changed, seal.permissions.at(-1)], [true, '*:*'])
  })

  it('kubectl goes through the chain, with output and exit codes of its own', async function () {
    if (kubectl === null) skipFor(this, 'kubectl', HOW_TO_KUBECTL)
    this.timeout(90_000)
    const nodes = await world.as('user', ['kubectl', 'get', 'nodes', '-o', 'name'])
    assert.deepEqual([nodes.exitCode, nodes.stdout], [0, 'node/worker-1'], nodes.stderr)
    const create = ['kubectl', 'create', 'configmap', 'story', '--from-literal=text=hello']
    const created = await world.as('user', create)
    assert.deepEqual([created.exitCode, created.stdout], [0, 'configmap/story created'], created.stderr)
    const got = await world.as('user', [
      'kubectl',
      'get',
      'configmap',
      'story',
      '-o',
      'jsonpath={.data.text}',
    ])
    assert.deepEqual([got.exitCode, got.stdout], [0, 'hello'], got.stderr)
    const twice = await world.as('user', create)
    assert.deepEqual([twice.exitCode, twice.stdout], [1, ''])
    assert.match(twice.stderr, /already exists/)
    const deleted = await world.as('user', ['kubectl', 'delete', 'configmap', 'story'])
    assert.deepEqual(
      [deleted.exitCode, deleted.stdout.startsWith('configmap "story" deleted')],
      [0, true],
      deleted.stderr,
    )
    const gone = await world.as('user', ['kubectl', 'get', 'configmap', 'story'])
    assert.deepEqual([gone.exitCode, gone.stdout], [1, ''])
    assert.match(gone.stderr, /NotFound/)
  })

  it('passes the exit code of kubectl on, whatever it is', async function () {
    this.timeout(20_000)
    const bin = join(world.home.dir, 'fake-bin')
    await mkdir(bin)
    await writeFile(join(bin, 'kubectl'), '#!/bin/sh\necho "args: $*"\nexit 42\n', {mode: 0o755})
    const run = await world.as('user', ['kubectl', 'get', 'pods', '-o', 'wide', '--help'], {
      PATH: `${bin}:${process.env.PATH}`,
    })
    assert.deepEqual([run.exitCode, run.stdout], [42, 'args: get pods -o wide --help'], run.stderr)
  })

  it('without kubectl on PATH: DAAS-G102, exit 69', async function () {
    this.timeout(20_000)
    const empty = await mkdtemp(join(tmpdir(), 'daas-path-'))
    try {
      await symlink(process.execPath, join(empty, 'node'))
      const run = await world.as('user', ['kubectl', 'get', 'nodes'], {PATH: empty})
      assert.deepEqual([run.exitCode, run.stdout], [69, ''])
      assert.match(run.stderr, /DAAS-G102/)
    } finally {
      await rm(empty, {recursive: true})
    }
  })

  it('slash throws the node out: the join ends with 6, names the transaction, and its agent is gone', async function () {
    this.timeout(60_000)
    const {pid} = await join1.waitFor<{pid: number}>('joined')
    const slashed = await world.as('admin', ['slash', 'worker-1', '--reason', 'drill', '--yes', '--json'])
    assert.equal(slashed.exitCode, 0, slashed.stderr)
    const {digest, slashedMist, remainingMist} = slashed.json<Record<string, string>>()
    assert.deepEqual([slashedMist, remainingMist], ['100000000', '900000000'])
    const end = await join1.ended
    const {error} = join1.events.at(-1) as unknown as {
      error: {code: string; message: string; exitCode: number; details: object; suggestions: string[]}
    }
    // Where nobody reads JSON, it stands on the screen.
    assert.match(error.message, new RegExp(`slashed.*${digest}`))
    assert.deepEqual([end.exitCode, error.code, error.exitCode], [6, 'DAAS-W112', 6])
    assert.deepEqual(error.details, {
      node: 'worker-1',
      cluster: world.ready.cluster,
      stake: staked.stake,
      seal: sealed.seal,
      kind: 'stake-slashed',
      digest,
    })
    assert.equal(await isAlive(pid), false)
    await waitUntil('the node is gone from Kubernetes', async () => {
      if (kubectl === null) return true
      const args = ['--kubeconfig', world.ready.kubernetes.kubeconfig, 'get', 'nodes', '-o', 'name']
      return (await execa(kubectl, args)).stdout === ''
    })
    const status = await world.as('operator', ['status', ...NODE, '--json'])
    const {healthy, sections} = status.json<StatusDocument>()
    assert.deepEqual([status.exitCode, healthy], [5, false])
    assert.equal(sections.find(({name}) => name === 'stake')?.state, 'error')
  })

  it('unstake gives back what is left, once', async function () {
    this.timeout(30_000)
    const back = await document(world, 'operator', ['unstake', ...NODE, '--yes', '--json'])
    assert.deepEqual([back.changed, back.amountMist], [true, '900000000'])
    const again = await world.as('operator', ['unstake', ...NODE, '--yes', '--json'])
    assert.deepEqual([again.exitCode, errorCode(again.stdout)], [4, 'DAAS-W102'])
  })

  it('cluster create makes another cluster of the same package', async function () {
    this.timeout(30_000)
    const {people, package: packageId} = world.ready
    const args = ['--name', 'lab', '--package', packageId, '--listener', people.listener.address, '--json']
    const run = await world.as('admin', ['cluster', 'create', ...args])
    assert.equal(run.exitCode, 0, run.stderr)
    const made = run.json<{cluster: string; package: string; digests: string[]; gasMist: string}>()
    assert.equal(made.package, packageId)
    assert.equal(made.digests.length, 2)
    assert.match(made.gasMist, DECIMAL)
    const info = await world.as('operator', ['cluster', 'info', '--cluster', made.cluster, '--json'])
    assert.deepEqual([info.exitCode, info.json().name, info.json().listenerUrls], [0, 'lab', []])
  })

  it('Ctrl-C ends join, listen and devnet with 0, and nothing of them stays', async function () {
    if (!HAS_PROC) skipFor(this, '/proc', 'run it on Linux')
    this.timeout(90_000)
    const bin = world.ready.kubernetes.joinPartner?.bin ?? ''
    // No stake for it yet: join stakes and seals in one transaction.
    const second = world.start('operator', ['join', '--node', 'worker-2', '--k3s-bin', bin, '--json'])
    const {digest, gasMist} = await second.waitFor<{digest: string; gasMist: string}>('joined')
    assert.ok(digest)
    assert.match(gasMist, DECIMAL)
    for (const [name, daas] of Object.entries({join: second, listen: listener, devnet: world.devnet})) {
      const family = await familyOf(daas.pid)
      const run = await daas.stop('SIGINT')
      assert.deepEqual([run.exitCode, daas.events.at(-1)?.type], [0, 'end'], `${name}: ${run.stderr}`)
      for (const pid of family) assert.equal(await isAlive(pid), false, `${name} left ${pid}`)
    }
    await assertSecretFiles(world.home.dir)
  })
})

/** Runs a command as a person, and gives its document; fails where it does not end with 0. */
async function document(
  world: CliWorld,
  who: Parameters<CliWorld['as']>[0],
  args: string[],
): Promise<Changed> {
  const run = await world.as(who, args)
  assert.equal(run.exitCode, 0, `${run.stdout}\n${run.stderr}`)
  return run.json<Changed>()
}

async function modeOf(file: string): Promise<number> {
  return (await stat(file)).mode & 0o777
}

function errorCode(stdout: string): string {
  return (JSON.parse(stdout) as {error: {code: string}}).error.code
}

/** What holds tokens and keys, by its name: readable by its owner alone, and in directories that are so too. */
async function assertSecretFiles(dir: string): Promise<void> {
  const entries = await readdir(dir, {recursive: true, withFileTypes: true})
  const secret = entries.filter(
    (each) => each.isFile() && /\.(key|token)$|token|keys\.json|kubeconfig/.test(each.name),
  )
  assert.ok(secret.length >= 6, secret.map(({name}) => name).join(' '))
  for (const {parentPath, name} of secret) assert.equal(await modeOf(join(parentPath, name)), 0o600, name)
}
