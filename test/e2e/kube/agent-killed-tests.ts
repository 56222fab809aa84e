import assert from 'node:assert/strict'
import {findWorker} from '../../../src/lib/contracts/reads.ts'
import {openNodeState} from '../../../src/lib/k3s/node-state.ts'
import {isNodeReady as isReady, isQuarantined} from '../../../src/lib/kube/node-ready.ts'
import {isAlive} from '../../helpers/processes.ts'
import type {JoinWorld, LiveNode} from './join-world.ts'
import type {NodeView} from './node-view.ts'
import {hasSpokenSince, until} from './rig.ts'

/** What becomes of a node whose agent is killed. `first` is `worker-1`, which is in. */
export function agentKilledTests(
  world: () => {it1: JoinWorld; first: LiveNode; figures: Record<string, number>},
  {isGone, readNode, daasSecrets, slash, partner}: NodeView,
): void {
  it('starts an agent again that was killed: Ready by its certificate, not registered twice, no token left', async () => {
    const {it1, first, figures} = world()
    const {pid} = await first.joined
    const before = await readNode('worker-1')
    const client = it1.deps('admin').client
    const worker = await findWorker(client, it1.cluster, 'worker-1')
    await until('its kubelet speaks', () => hasSpokenSince(it1.admin, 'worker-1', ''), 30_000)
    const killed = performance.now()
    const killedAt = new Date().toISOString()
    process.kill(pid, 'SIGKILL')
    await until('the agent is back', async () => first.events.length >= 2, 60_000)
    const [down, up] = first.events
    assert.deepEqual(down, {type: 'restarting', attempt: 1, afterMs: 1000, code: null})
    assert.equal(up?.type === 'restarted' && (await isAlive(up.pid)), true)
    await until('its kubelet speaks again', () => hasSpokenSince(it1.admin, 'worker-1', killedAt), 60_000)
    figures[`kill -9 of the agent (${partner()}) to its kubelet's next word`] = performance.now() - killed
    const after = await readNode('worker-1')
    assert.deepEqual(
      [after.metadata.uid, isReady(after), isQuarantined(after)],
      [before.metadata.uid, true, false],
    )
    assert.equal(first.phases.filter((phase) => phase === 'register').length, 1)
    assert.equal((await findWorker(client, it1.cluster, 'worker-1'))?.id, worker?.id)
    assert.deepEqual(await daasSecrets(), [])
    assert.equal(first.events.length, 2)
  })

  it('does not start an agent again whose stake was slashed while it was down', async () => {
    const {it1} = world()
    const node = it1.join('worker-6', {
      kind: partner(),
      restarts: {most: 5, windowMs: 600_000, pauseMs: 600_000, maxPauseMs: 600_000},
    })
    const {pid, stake: own} = await node.joined
    process.kill(pid, 'SIGKILL')
    await until('it waits before it starts again', async () => node.events.length === 1, 10_000)
    await slash(own)
    const {end} = await node.run
    assert.deepEqual(
      [end.ended, end.ended === 'reason' && end.reason.kind, end.exit.signal],
      ['reason', 'stake-slashed', 'SIGKILL'],
    )
    assert.deepEqual(
      node.events.map(({type}) => type),
      ['restarting'],
    )
    await until('its Node is gone', () => isGone('worker-6'), 30_000)
    assert.deepEqual(await daasSecrets(), [])
    assert.equal((await openNodeState(node.dataDir).read())?.status, 'lost')
  })
}
