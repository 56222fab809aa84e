import assert from 'node:assert/strict'
import {chmod, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {constants} from 'node:os'
import {join} from 'node:path'
import {readCluster} from '../../../src/lib/contracts/reads.ts'
import {JOIN_PHASES} from '../../../src/lib/k3s/join-phases.ts'
import {createListenerClient, isUnknownWorker} from '../../../src/lib/k3s/register.ts'
import {createKubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {loadKubeConfig} from '../../../src/lib/kube/kubeconfig.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {type CliWorld, startCliWorld} from '../../helpers/cli-world.ts'
import {familyOf, HAS_PROC, isAlive, isPending} from '../../helpers/processes.ts'
import {skipFor} from '../../helpers/skip.ts'
import type {Run} from '../../helpers/run-daas.ts'
import type {RunningDaas} from '../../helpers/start-daas.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import {createBootstrapToken} from '../kube/rig.ts'

type Line = Record<string, unknown> & {error: {code: string; details?: Record<string, unknown>}}

/** How a node begins one phase at a time, what a failed check costs, and how it ends when nobody waits. */
describe('the edges of a node by the command line', function () {
  this.timeout(90_000)
  let world: CliWorld
  let bin: string
  let listener: RunningDaas
  let running: RunningDaas

  before(async () => {
    world = await startCliWorld()
    bin = world.ready.kubernetes.joinPartner?.bin ?? ''
    listener = await world.listen()
  })
  after(() => world?.close())

  const joinArgs = (node: string, ...more: string[]): string[] => [
    ...['join', '--node', node, '--k3s-bin', bin, '--heartbeat-interval', '1', '--json'],
    ...more,
  ]
  const lines = (stdout: string): Line[] => stdout.split('\n').map((line) => JSON.parse(line) as Line)
  const donePhases = (stdout: string): unknown[] =>
    lines(stdout)
      .filter(({type, status}) => type === 'phase' && status === 'done')
      .map(({phase}) => phase)

  it('does one phase at a time, each with what those before it made, and the rest at last', async () => {
    const stakes = new Set<unknown>()
    for (const phase of ['binary', 'preflight', 'stake', 'seal', 'register', 'verify']) {
      const run = await world.as('operator', joinArgs('n1', '--phase', phase))
      assert.equal(run.exitCode, 0, `${phase}\n${run.stdout}`)
      assert.deepEqual(donePhases(run.stdout), [phase])
      const {ended, stake} = lines(run.stdout).at(-1)!
      assert.equal(ended, 'phases')
      if (stake !== undefined) stakes.add(stake)
    }

    assert.equal(stakes.size, 1)
    const skipped = ['stake', 'register', 'verify']
    running = world.start('operator', joinArgs('n1', ...skipped.flatMap((phase) => ['--skip-phase', phase])))
    const joined = await running.waitFor<{stake: string; digest?: string}>('joined')
    assert.deepEqual([[...stakes], joined.digest], [[joined.stake], undefined])
    assert.deepEqual(
      donePhases(running.stdout()),
      JOIN_PHASES.filter((phase) => !skipped.includes(phase)),
    )
  })

  it('ends with 5 where a check fails, before a coin moves, and goes on where that is ignored by name', async () => {
    // Another machine: what this one knows of its own node n1 is not there.
    const elsewhere = {XDG_DATA_HOME: join(world.home.dir, 'elsewhere')}
    const stakes = async (): Promise<unknown> =>
      (await world.as('user', ['cluster', 'list', '--json'])).json<{clusters: unknown}>().clusters
    const before = await stakes()
    const joinThere = (...more: string[]): Promise<Run> =>
      world.as('user', joinArgs('n1', ...more), elsewhere)
    const run = await joinThere()
    const {error} = lines(run.stdout).at(-1)!
    assert.deepEqual([run.exitCode, error.code], [5, 'DAAS-J110'], run.stdout)
    assert.match(JSON.stringify(error), /--ignore-preflight name/)
    assert.deepEqual(donePhases(run.stdout), ['binary'])
    assert.deepEqual(await stakes(), before)
    const other = await joinThere('--ignore-preflight', 'ports', '--phase', 'preflight')
    assert.equal(other.exitCode, 5, other.stdout)
    const ignored = await joinThere('--ignore-preflight', 'name', '--phase', 'preflight')
    assert.equal(ignored.exitCode, 0, ignored.stdout)
  })

  it('tells a listener that lost its journal of itself, with a new token where the id is taken by now', async () => {
    const {tokenFile} = (await world.as('operator', ['seal', '--node', 'n1', '--json'])).json<{
      tokenFile: string
    }>()
    const tokenNow = async (): Promise<string> => (await readFile(tokenFile, 'utf8')).trim()
    const before = await tokenNow()
    const id = before.slice(0, 6)
    const kube = createKubeHttp(loadKubeConfig({file: world.ready.kubernetes.kubeconfig}))
    await createBootstrapToken(kube, id, 'fedcba9876543210')
    const {urls} = await listener.waitFor<{urls: string[]}>('ready')
    await listener.stop('SIGKILL')
    const state = join(world.home.dir, '.local/share/daas/listener', world.ready.cluster)
    for (const name of await readdir(state)) {
      if (name.startsWith('journal')) await rm(join(state, name))
    }

    listener = await world.listen({DAAS_LISTEN_PORT: new URL(urls[0]!).port})
    await waitUntil('it has drawn a new token', async () => (await tokenNow()) !== before, 30_000)
    const {listenerTlsPin: tlsPin} = await readCluster(
      createSuiClient({url: world.ready.rpcUrl}),
      world.ready.cluster,
    )
    const client = createListenerClient({
      urls,
      tlsPin,
      sealToken: await tokenNow(),
      signal: AbortSignal.timeout(30_000),
    })
    const isBack = async (): Promise<boolean> => {
      try {
        const {registered, heartbeat} = await client.status('n1')
        return registered && heartbeat !== undefined
      } catch (error) {
        if (isUnknownWorker(error)) return false
        throw error
      }
    }
    // With the old token its heartbeats would be refused.
    await waitUntil('it is registered again and beats', isBack, 30_000)
    client.close()
    const secrets = '/api/v1/namespaces/kube-system/secrets'
    const {data} = await kube.json<{data: Record<string, string>}>({
      method: 'GET',
      path: `${secrets}/bootstrap-token-${id}`,
    })
    assert.equal(Buffer.from(data['token-secret']!, 'base64').toString(), 'fedcba9876543210')
    kube.close()
    assert.equal(running.events.filter(({type}) => type === 'restarting').length, 0)
  })

  it('ends gracefully at the first Ctrl-C, at once at the second, and leaves no process behind', async function () {
    if (!HAS_PROC) skipFor(this, '/proc', 'run it on Linux')
    const once = await running.stop()
    assert.deepEqual([once.exitCode, lines(once.stdout).at(-1)?.ended], [0, 'signal'])

    // An agent that does not heed SIGTERM: the shell in front of it does not pass it on.
    const stubborn = join(world.home.dir, 'stubborn-k3s')
    const script = [
      '#!/bin/sh',
      `[ "$1" = agent ] || exec '${bin}' "$@"`,
      "trap '' TERM",
      `'${bin}' "$@" & wait`,
    ]
    await writeFile(stubborn, `${script.join('\n')}\n`)
    await chmod(stubborn, 0o755)
    running = world.start('operator', joinArgs('n1', '--k3s-bin', stubborn).toSpliced(3, 2))
    const {pid} = await running.waitFor<{pid: number}>('joined')
    const family = await familyOf(pid)
    assert.ok(family.length >= 2)
    process.kill(running.pid, 'SIGINT')
    const state = join(world.home.dir, '.local/share/daas/nodes/n1/state.json')
    const ended = await Promise.race([
      running.ended.then(() => true),
      readFile(state, 'utf8').then(() => false),
    ])
    assert.equal(ended, false)
    assert.deepEqual(
      await Promise.all(family.map((each) => isAlive(each))),
      family.map(() => true),
    )
    // Two that come at once are one to the process.
    await waitUntil(
      'the first has come',
      async () => !(await isPending(running.pid, constants.signals.SIGINT)),
    )
    const asked = performance.now()
    process.kill(running.pid, 'SIGINT')
    assert.equal((await running.ended).exitCode, 130)
    assert.ok(performance.now() - asked < 5000)
    for (const each of family) await waitUntil(`${each} ended`, async () => !(await isAlive(each)))
  })

  it('leaves a cluster that is gone only when it is forced to, and says what it left without', async () => {
    running = world.start('operator', joinArgs('n1'))
    const {pid} = await running.waitFor<{pid: number}>('joined')
    await listener.stop('SIGKILL')
    const args = ['leave', '--node', 'n1', '--timeout', '2', '--json']
    const refused = await world.as('operator', [...args, '--yes'])
    assert.deepEqual([refused.exitCode, refused.json<Line>().error.code], [69, 'DAAS-J115'], refused.stdout)
    assert.equal(await isAlive(pid), true)
    const forced = await world.as('operator', [...args, '--force', '--confirm', 'n1', '--purge'])
    assert.equal(forced.exitCode, 0, forced.stdout)
    const {steps} = forced.json<{steps: {step: string; status: string}[]}>()
    assert.deepEqual(
      steps.map(({step, status}) => `${step} ${status}`),
      ['cluster failed', 'unit nothing', 'agent done', 'pods nothing', 'files done'],
    )
    await waitUntil('the agent ended', async () => !(await isAlive(pid)))
    assert.equal((await running.ended).exitCode, 0)
  })
})
