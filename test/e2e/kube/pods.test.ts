import assert from 'node:assert/strict'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {isAlive, processesNaming} from '../../helpers/processes.ts'
import type {RunningDaas} from '../../helpers/start-daas.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import {podTemplate, type PodsWorld, startPodsWorld} from './pods-world.ts'
import {hasSpokenSince, until} from './rig.ts'

const NODE = 'worker-1'
const DEFAULT = '/api/v1/namespaces/default/pods'
const APPS = '/apis/apps/v1/namespaces/default'
const BUDGETS = '/apis/policy/v1/namespaces/default/poddisruptionbudgets'

interface Failure {
  error: {code: string; message: string; suggestions: string[]}
}
interface Node {
  spec: {unschedulable?: boolean; taints?: {key: string}[]}
}

/** By the command line alone: the whole preflight, nothing ignored; a real kubelet; real pods. */
describe('pods on a node that daas joined, and how it leaves them', function () {
  this.timeout(180_000)
  let world: PodsWorld
  let join1: RunningDaas
  let pid = 0
  let dataDir = ''

  before(async function () {
    world = await startPodsWorld(this)
    dataDir = join(world.cli.home.dir, '.local/share/daas/nodes', NODE)
  })
  after(async () => world?.close())

  const readNode = (): Promise<Node> => world.admin.json({method: 'GET', path: `/api/v1/nodes/${NODE}`})
  const phaseOf = async (prefix: string): Promise<string[]> =>
    (await world.pods())
      .filter(({metadata, spec}) => metadata.name.startsWith(prefix) && spec.nodeName === NODE)
      .map(({status}) => status.phase)
  const leaveArgs = (...more: string[]): string[] => ['leave', '--node', NODE, '--yes', '--json', ...more]
  const refused = async (...more: string[]): Promise<Failure['error']> => {
    const run = await world.cli.as('operator', leaveArgs(...more))
    const {error} = run.json<Failure>()
    assert.deepEqual([run.exitCode, error.code], [7, 'DAAS-J125'], run.stdout)
    const {spec} = await readNode()
    assert.equal(spec.unschedulable, undefined)
    assert.equal(spec.taints?.some(({key}) => key.startsWith('daas.io/')) ?? false, false)
    assert.equal(await isAlive(pid), true)
    return error
  }

  it('joins with nothing of the preflight ignored, and runs pods', async () => {
    const manifests = join(world.cli.home.dir, 'static')
    await mkdir(manifests)
    join1 = world.cli.start('operator', [
      ...['join', '--node', NODE, '--k3s-bin', world.k3sBin, '--heartbeat-interval', '1', '--json'],
      ...['--', '--kubelet-arg', `pod-manifest-path=${manifests}`],
    ])
    ;({pid} = await join1.waitFor<{type: string; pid: number}>('joined', 120_000))
    const preflight = join1.events.find(({phase, status}) => phase === 'preflight' && status === 'done')
    assert.doesNotMatch(String(preflight?.detail), /stand-in/)
    await world.importImageTo(dataDir)
    const app = (name: string): object => ({
      selector: {matchLabels: {app: name}},
      template: podTemplate(name),
    })
    await world.create(`${APPS}/replicasets`, {metadata: {name: 'web'}, spec: {replicas: 1, ...app('web')}})
    await world.create(`${APPS}/replicasets`, {
      metadata: {name: 'cache'},
      spec: {
        ...app('cache'),
        replicas: 1,
        template: podTemplate('cache', {volumes: [{name: 'data', emptyDir: {}}]}),
      },
    })
    await world.create(`${APPS}/daemonsets`, {metadata: {name: 'agent'}, spec: app('agent')})
    const fixed = {...podTemplate('fixed'), apiVersion: 'v1', kind: 'Pod', metadata: {name: 'fixed'}}
    await writeFile(join(manifests, 'fixed.json'), JSON.stringify(fixed))
    await world.create(DEFAULT, {...podTemplate('alone'), metadata: {name: 'alone'}})
    for (const name of ['web-', 'cache-', 'agent-', 'alone']) await world.run(name, NODE)
    await world.create(BUDGETS, {
      metadata: {name: 'web'},
      spec: {minAvailable: 1, selector: {matchLabels: {app: 'web'}}},
    })
    const mirrored = async (): Promise<boolean> => (await phaseOf('fixed-'))[0] === 'Running'
    await until('the pod of the kubelet itself runs', mirrored, 60_000)
    const budget = async (): Promise<boolean> =>
      (await world.admin.json<{status?: {currentHealthy?: number}}>({method: 'GET', path: `${BUDGETS}/web`}))
        .status?.currentHealthy === 1
    await until('the budget is counted', budget, 30_000)
  })

  it('goes on with the same pods when its agent is killed and started again', async () => {
    const containers = async (): Promise<(string | undefined)[]> =>
      (await world.pods())
        .filter(({spec}) => spec.nodeName === NODE)
        .map(
          ({metadata, status}) =>
            `${metadata.name} ${status.phase} ${status.containerStatuses?.[0]?.containerID}`,
        )
        .sort()
    const before = await containers()
    assert.equal(before.length, 5)
    process.kill(pid, 'SIGKILL')
    const killedAt = new Date().toISOString()
    const next = await join1.waitFor<{type: string; pid: number}>('restarted', 60_000)
    assert.notEqual(next.pid, pid)
    ;({pid} = next)
    await until('its kubelet speaks again', () => hasSpokenSince(world.admin, NODE, killedAt), 60_000)
    assert.deepEqual(await containers(), before)
    const phases = join1.events.filter(({type, status}) => type === 'phase' && status === 'done')
    assert.equal(phases.filter(({phase}) => phase === 'register').length, 1)
  })

  it('stays where a pod would be lost, where data would be, and where a budget holds it', async () => {
    const alone = await refused('--timeout', '20')
    assert.match(alone.message, /default\/alone/)
    assert.match(alone.suggestions[0]!, /--force/)
    await world.admin.json({method: 'DELETE', path: `${DEFAULT}/alone`})
    await until('it is gone', async () => (await phaseOf('alone')).length === 0, 30_000)
    const data = await refused('--timeout', '20')
    assert.match(data.message, /default\/cache-/)
    assert.match(data.suggestions[0]!, /--delete-emptydir-data/)
    assert.deepEqual(await phaseOf('cache-'), ['Running'])
    const held = await refused('--timeout', '2', '--delete-emptydir-data')
    assert.match(held.message, /default\/web-\S+ .*disruption budget web needs 1 healthy pods and has 1/)
    assert.deepEqual(await phaseOf('web-'), ['Running'])
  })

  it('leaves as soon as the budget allows it: pods evicted, Node gone, nothing left running', async () => {
    const leaving = world.cli.as(
      'operator',
      leaveArgs('--timeout', '90', '--delete-emptydir-data', '--purge'),
    )
    await until('it is cordoned', async () => (await readNode()).spec.unschedulable === true, 30_000)
    assert.deepEqual(await phaseOf('web-'), ['Running'])
    await world.admin.json({method: 'PATCH', path: `${BUDGETS}/web`, body: {spec: {minAvailable: 0}}})
    const run = await leaving
    assert.equal(run.exitCode, 0, run.stdout)
    const {steps} = run.json<{steps: {step: string; status: string}[]}>()
    assert.deepEqual(
      // What a kubelet leaves behind depends on the machine's iptables.
      steps.filter(({step}) => step !== 'pods').map(({step, status}) => `${step} ${status}`),
      ['cluster done', 'unit nothing', 'agent done', 'files done'],
    )
    assert.equal((await join1.ended).exitCode, 0)
    const {status} = await world.admin.call({method: 'GET', path: `/api/v1/nodes/${NODE}`})
    assert.equal(status, 404)
    // Its controller has put another in its place, for a node that is still there.
    const [web] = (await world.pods()).filter(({metadata}) => metadata.name.startsWith('web-'))
    assert.deepEqual([web?.status.phase, web?.spec.nodeName], ['Pending', undefined])
    assert.deepEqual(await phaseOf('cache-'), [])
    await waitUntil('nothing runs on', async () => (await processesNaming(dataDir)).length === 0)
    assert.ok(!(await readFile('/proc/self/mounts', 'utf8')).includes(dataDir))
  })
})
