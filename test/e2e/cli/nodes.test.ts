import assert from 'node:assert/strict'
import {readFile, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parse} from 'yaml'
import {startEmbeddedKubernetes} from '../../../src/lib/devnet/kube/embedded/embedded-kubernetes.ts'
import {PREFLIGHT_NAMES} from '../../../src/lib/k3s/preflight.ts'
import {type CliWorld, startCliWorld} from '../../helpers/cli-world.ts'
import {HAS_PROC, isAlive} from '../../helpers/processes.ts'
import {skipFor} from '../../helpers/skip.ts'
import type {RunningDaas} from '../../helpers/start-daas.ts'
import {waitUntil} from '../../helpers/wait-until.ts'

const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined}

interface Joined {
  pid: number
  stake: string
  seal: string
}

interface Listed {
  node: string
  state: string
  chain?: {status: string; stake: string; stakedMist: string}
  kubernetes?: {ready: boolean}
}

interface Left {
  changed: boolean
  steps: {step: string; status: string; detail: string}[]
  removes: {path: string}[]
  unstaked?: {amountMist: string}
}

/** A node's life on one machine, by the command line: everything around the join itself. */
describe('nodes by the command line', () => {
  let world: CliWorld
  let bin: string
  let running: RunningDaas
  let joined: Joined

  before(async function () {
    this.timeout(60_000)
    world = await startCliWorld()
    bin = world.ready.kubernetes.joinPartner?.bin ?? ''
    await world.listen()
  })

  after(async function () {
    this.timeout(60_000)
    await world?.close()
  })

  const joinArgs = (node: string, ...more: string[]): string[] => [
    'join',
    '--node',
    node,
    '--k3s-bin',
    bin,
    '--heartbeat-interval',
    '1',
    '--json',
    ...more,
  ]
  const lines = (stdout: string): Record<string, unknown>[] =>
    stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  const stateOf = async (node: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(nodeDir(node), 'state.json'), 'utf8')) as Record<string, unknown>
  const nodeDir = (node: string): string => join(world.home.dir, '.local/share/daas/nodes', node)
  const nodeNames = async (): Promise<string> =>
    (await world.as('operator', ['status', '--node', 'n1', '--json'])).stdout

  it('doctor runs the checks of join by name, and ends with 5 where one fails that is not ignored', async function () {
    this.timeout(30_000)
    const args = ['doctor', '--node', 'n1', '--k3s-bin', bin, '--json']
    const well = await world.as('operator', args)
    const found = well.json<{healthy: boolean; checks: {name: string; status: string; remedy: string}[]}>()
    assert.equal(well.exitCode, 0, well.stdout)
    assert.deepEqual(
      found.checks.map(({name}) => name),
      [...PREFLIGHT_NAMES],
    )
    assert.equal(found.checks.find(({name}) => name === 'listener')?.status, 'pass')
    const bad = ['doctor', '--node', 'Not_A_Label', '--k3s-bin', bin]
    const ill = await world.as('operator', [...bad, '--json'])
    assert.deepEqual([ill.exitCode, ill.json().healthy], [5, false])
    assert.equal((await world.as('operator', [...bad, '--ignore', 'hostname'])).exitCode, 0)
    const table = await world.as('operator', bad)
    assert.match(table.stdout, /^CHECK +RESULT +DETAIL\nhostname +fail/)
  })

  it('join says what it would do, and does none of it', async function () {
    this.timeout(60_000)
    const run = await world.as(
      'operator',
      joinArgs('n1', '--dry-run', '--taint', 'gpu=yes:NoSchedule', '--', '--kubelet-arg', 'v=2'),
    )
    assert.equal(run.exitCode, 0, run.stdout)
    const plan = lines(run.stdout).at(-1) as unknown as {
      changed: boolean
      enroll: {sends: string; stakeMist: string; gasMist: string}
      agent: {argv: string[]; config: string; token: string; environment: string[]}
    }
    assert.deepEqual(
      [plan.changed, plan.enroll.sends, plan.enroll.stakeMist],
      [false, 'stake and seal', '1000000000'],
    )
    assert.match(plan.enroll.gasMist, /^\d+$/)
    assert.deepEqual(plan.agent.argv.slice(0, 3), [bin, 'agent', '--config'])
    assert.deepEqual(plan.agent.argv.slice(4), ['--kubelet-arg', 'v=2'])
    assert.deepEqual((parse(plan.agent.config) as Record<string, unknown>)['node-taint'], [
      'daas.io/unverified=true:NoSchedule',
      'gpu=yes:NoSchedule',
    ])
    assert.match(plan.agent.token, /^K10[0-9a-f]{64}::<id>\.\*{16}$/)
    await assert.rejects(stat(nodeDir('n1')), {code: 'ENOENT'})

    const command = await world.as(
      'operator',
      joinArgs('n1', '--print-command').filter((arg) => arg !== '--json'),
    )
    const script =
      /^install -D -m 600 \/dev\/stdin (\S+) <<'END'\n([\s\S]*)END\nexec \S+k3s\S* agent --config (\S+)$/
    const [, written, config = '', read] = script.exec(command.stdout) ?? []
    assert.equal(written, read)
    assert.equal((parse(config) as Record<string, unknown>)['node-name'], 'n1')
    const unit = await world.as('operator', ['join', '--node', 'n1', '--systemd', '--print'])
    assert.match(unit.stdout, /^ExecStart=\S+ \S+ join --node n1$/m)
    assert.ok(unit.stdout.includes(`LoadCredential=daas-key:${world.ready.people.operator.keyFile}`))
    const cloud = await world.as('operator', ['join', '--node', 'n1', '--print-cloud-init'])
    assert.equal((parse(cloud.stdout) as {runcmd: unknown[]}).runcmd.length, 2)
    const {stdout: listen} = await world.as('listener', [
      'listen',
      '--kubeconfig',
      '/etc/kubeconfig',
      '--print-unit',
    ])
    assert.match(listen, /^ExecStart=\S+ \S+ listen$/m)
  })

  it('refuses what it must not pass on, phases that it does not have, and phases too early', async function () {
    this.timeout(60_000)
    const refusals: [string[], number, string][] = [
      [joinArgs('n1', '--', '--token', 'abc'), 2, 'DAAS-J120'],
      [joinArgs('n1', '--phase', 'dance'), 2, 'DAAS-U110'],
      [joinArgs('n1', '--skip-phase', 'stake'), 4, 'DAAS-W102'],
      [joinArgs('n1', '--taint', 'x'), 2, 'DAAS-U110'],
    ]
    await Promise.all(
      refusals.map(async ([args, exit, code]) => {
        const run = await world.as('operator', args)
        const {error} = lines(run.stdout).at(-1) as {error: {code: string}}
        assert.deepEqual([run.exitCode, error.code], [exit, code], run.stdout)
      }),
    )
    const only = await world.as('operator', joinArgs('n1', '--phase', 'preflight'))
    const phases = lines(only.stdout).filter(({type}) => type === 'phase')
    assert.deepEqual(
      phases.filter(({status}) => status === 'done').map(({phase}) => phase),
      ['preflight'],
    )
    assert.equal(lines(only.stdout).at(-1)?.ended, 'phases')
  })

  it('join again while it is in: already joined, 0, nothing changed', async function () {
    this.timeout(60_000)
    running = world.start('operator', joinArgs('n1', '--heartbeat', 'chain'))
    joined = await running.waitFor<Joined & {type: string}>('joined')
    const again = await world.as('operator', joinArgs('n1'))
    const end = lines(again.stdout).at(-1)!
    assert.equal(again.exitCode, 0, again.stdout)
    assert.deepEqual(
      [end.ended, end.changed, end.pid, end.stake, end.seal],
      ['already', false, joined.pid, joined.stake, joined.seal],
    )
    const file = join(nodeDir('n1'), 'state.json')
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const state = await stateOf('n1')
    assert.deepEqual([state.status, state.stake, state.seal], ['joined', joined.stake, joined.seal])
    // Not even masked: the token has no business there.
    const tokenFile = (await world.as('operator', ['seal', '--node', 'n1', '--json'])).json<{
      tokenFile: string
    }>()
    const secret = (await readFile(tokenFile.tokenFile, 'utf8')).trim().split('.')[1]!
    assert.equal(JSON.stringify(state).includes(secret), false)
    await running.waitFor('heartbeat')
  })

  it('nodes shows chain and Kubernetes side by side, and ends with 5 where they do not agree', async function () {
    this.timeout(120_000)
    const {kubeconfig} = world.ready.kubernetes
    const args = ['nodes', '--kubeconfig', kubeconfig, '--json']
    const list = async (): Promise<Listed[]> =>
      (await world.as('listener', args)).json<{nodes: Listed[]}>().nodes
    // The chain is told with the next report of who lives: every 30 s.
    const isIn = async (): Promise<boolean> =>
      (await list()).some(({state, chain}) => state === 'ok' && chain?.status === 'ready')
    await waitUntil('it is in', isIn, 60_000)
    const all = await world.as('listener', args)
    const [n1] = all.json<{nodes: Listed[]}>().nodes
    assert.deepEqual(
      [all.exitCode, n1?.node, n1?.chain?.stake, n1?.chain?.stakedMist, n1?.kubernetes?.ready],
      [0, 'n1', joined.stake, '1000000000', true],
    )
    const table = await world.as('listener', args.slice(0, -1))
    assert.match(
      table.stdout,
      /^NODE +CHAIN +STAKE +KUBERNETES +VERSION +OWNER +STATE\nn1 +ready +1 SUI +Ready +v/,
    )
    // The chain alone asks for no kubeconfig.
    const alone = await world.as('listener', ['nodes', '--no-kubernetes'])
    assert.match(alone.stdout, /^NODE +CHAIN +STAKE +OWNER +STATE\nn1 +ready /)
    const none = await world.as('listener', ['nodes', '--kubeconfig', '/nowhere', '--json'])
    assert.deepEqual([none.exitCode, none.json<{error: {code: string}}>().error.code], [2, 'DAAS-K101'])
    const other = await startEmbeddedKubernetes({signal: new AbortController().signal, logger: quiet})
    try {
      const file = join(world.home.dir, 'other.kubeconfig')
      await writeFile(file, other.adminKubeconfig, {mode: 0o600})
      const apart = await world.as('listener', ['nodes', '--kubeconfig', file, '--json'])
      const [without] = apart.json<{nodes: Listed[]}>().nodes
      assert.deepEqual(
        [apart.exitCode, without?.node, without?.state, without?.kubernetes],
        [5, 'n1', 'error', undefined],
      )
    } finally {
      await other.close()
    }
  })

  it('starts an agent again that died', async function () {
    this.timeout(60_000)
    process.kill(joined.pid, 'SIGKILL')
    const restarting = await running.waitFor<{attempt: number; afterMs: number}>('restarting')
    assert.deepEqual([restarting.attempt, restarting.afterMs], [1, 1000])
    const {pid} = await running.waitFor<{pid: number}>('restarted')
    assert.equal(await isAlive(pid), true)
    assert.deepEqual((await stateOf('n1')).status, 'joined')
    joined = {...joined, pid}
  })

  it('goes on where a killed join left off, and does not leave its agent unwatched', async function () {
    if (!HAS_PROC) skipFor(this, '/proc', 'run it on Linux')
    this.timeout(60_000)
    await running.stop('SIGKILL')
    assert.equal(await isAlive(joined.pid), true)
    running = world.start('operator', joinArgs('n1'))
    const next = await running.waitFor<Joined & {digest?: string}>('joined')
    assert.deepEqual([next.stake, next.seal, next.digest], [joined.stake, joined.seal, undefined])
    assert.notEqual(next.pid, joined.pid)
    assert.equal(await isAlive(joined.pid), false)
    joined = next
  })

  it('leave wants to be told twice, says what it removes, and then does', async function () {
    this.timeout(60_000)
    const args = ['leave', '--node', 'n1', '--json']
    const unsure = await world.as('operator', args)
    assert.deepEqual([unsure.exitCode, unsure.json<{error: {code: string}}>().error.code], [2, 'DAAS-U105'])
    const wrong = await world.as('operator', [...args, '--confirm', 'n2'])
    assert.deepEqual([wrong.exitCode, wrong.json<{error: {code: string}}>().error.code], [2, 'DAAS-U110'])
    const dry = (await world.as('operator', [...args, '--purge', '--dry-run'])).json<Left>()
    assert.deepEqual([dry.changed, dry.removes.map(({path}) => path)], [false, [nodeDir('n1')]])
    assert.equal(await isAlive(joined.pid), true)

    const left = await world.as('operator', [...args, '--purge', '--confirm', 'n1'])
    assert.equal(left.exitCode, 0, left.stdout)
    const {changed, steps} = left.json<Left>()
    assert.equal(changed, true)
    assert.deepEqual(
      steps.map(({step, status}) => [step, status]),
      [
        ['cluster', 'done'],
        ['unit', 'nothing'],
        ['agent', 'done'],
        ['pods', 'nothing'],
        ['files', 'done'],
      ],
    )
    assert.equal((await running.ended).exitCode, 0)
    assert.equal(await isAlive(joined.pid), false)
    await assert.rejects(stat(nodeDir('n1')), {code: 'ENOENT'})
    assert.match(await nodeNames(), /"status": "offline"/)
  })

  it('leaves once; a second time there is nothing to do; the stake stays until it is asked for', async function () {
    this.timeout(60_000)
    const again = await world.as('operator', ['leave', '--node', 'n1', '--yes', '--json'])
    assert.equal(again.exitCode, 0, again.stdout)
    const {changed, steps} = again.json<Left>()
    assert.deepEqual([changed, steps.every(({status}) => status === 'nothing')], [false, true])
    const back = await world.as('operator', ['leave', '--node', 'n1', '--unstake', '--yes', '--json'])
    assert.equal(back.exitCode, 0, back.stdout)
    assert.equal(back.json<Left>().unstaked?.amountMist, '1000000000')
  })

  it('runs on in the background with --detach, and leave ends it there', async function () {
    if (!HAS_PROC) skipFor(this, '/proc', 'run it on Linux')
    this.timeout(60_000)
    const run = await world.as('operator', joinArgs('n3', '--detach'))
    assert.equal(run.exitCode, 0, run.stdout)
    const {ended, pid} = lines(run.stdout).at(-1) as {ended: string; pid: number}
    assert.equal(ended, 'detached')
    assert.equal(await isAlive(pid), true)
    const {agent} = (await stateOf('n3')) as {agent: {pid: number}}
    const again = lines((await world.as('operator', joinArgs('n3', '--detach'))).stdout).at(-1)!
    assert.deepEqual([again.ended, again.pid], ['already', agent.pid])
    const left = await world.as('operator', ['leave', '--node', 'n3', '--yes', '--json'])
    assert.equal(left.exitCode, 0, left.stdout)
    for (const each of [pid, agent.pid]) await waitUntil('it ended', async () => !(await isAlive(each)))
  })
})
