import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'
import {locateTool} from '../../helpers/locate-tool.ts'
import {processesNaming} from '../../helpers/processes.ts'
import type {RunningDaas} from '../../helpers/start-daas.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import type {Verdict} from '../lib/gate.ts'
import {type GatewayChaos, startGatewayChaos, type StepKind, type Told} from './gateway-chaos.ts'

type When = 'before' | 'after'
interface Cut {
  readonly at: StepKind
  readonly when: When
}

const MAPS = '/api/v1/namespaces/default/configmaps'
const ALL: readonly Cut[] = (['request', 'call', 'answer'] as const).flatMap((at) => [
  {at, when: 'before'},
  {at, when: 'after'},
])
const isFull = process.env.DAAS_CHAOS === 'all'

/**
 * kill -9 of the built `daas kubectl` and `daas gateway` at the steps of a request: its transaction, the call of the
 * Kubernetes API, the transaction of its answer; before each of them happens, and once it has. The listener lives on.
 * DAAS_CHAOS=all cuts everywhere; without it at a few.
 */
describe('kill -9 of a gateway between any two steps', function () {
  this.timeout(isFull ? 900_000 : 180_000)
  let chaos: GatewayChaos
  let known: Set<string>
  let names = 0

  before(async function () {
    chaos = await startGatewayChaos(this)
  })
  after(() => chaos?.close())
  beforeEach(async () => {
    known = new Set((await chaos.told(new Set())).map(({requestId}) => requestId))
  })

  /** Lets a process die at a step. @returns whether it has */
  const arm = (cut: Cut, victim: () => RunningDaas): (() => boolean) => {
    let killed = false
    let called = false
    const kill = (): void => {
      killed = true
      process.kill(victim().pid, 'SIGKILL')
    }
    chaos.judge = (kind): Verdict => {
      called ||= kind === 'call'
      // The listener beats its heart too: only a transaction after the call is the answer.
      const isIt = !killed && kind === cut.at && (kind !== 'answer' || called)
      if (!isIt) return 'pass'
      if (cut.when === 'after') {
        return {
          after() {
            kill()
            return 'pass'
          },
        }
      }

      kill()
      // What the dead had not sent is not sent; the listener is not dead.
      return kind === 'request' ? 'drop' : 'pass'
    }
    return () => killed
  }

  const file = async (name: string): Promise<string> => {
    const path = join(chaos.dir, `${name}.json`)
    await writeFile(path, JSON.stringify({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}}))
    return path
  }
  const exists = async (name: string): Promise<boolean> =>
    (await chaos.admin.call({method: 'GET', path: `${MAPS}/${name}`})).status === 200

  /** Every request has come to its one end. */
  const settled = async (): Promise<Told[]> => {
    let told: Told[] = []
    await waitUntil(
      'every request has an end',
      async () => {
        told = await chaos.told(known)
        return told.every(({state}) => ['done', 'refused', 'expired'].includes(state))
      },
      30_000,
    )
    return told
  }

  /** What is to be seen after a write was cut: on chain it is carried out once, else never. */
  const check = async (cut: Cut, name: string): Promise<void> => {
    const isOnChain = cut.at !== 'request' || cut.when === 'after'
    // The event may still be on its way to the listener.
    if (isOnChain) await waitUntil('the listener knows', async () => (await chaos.told(known)).length > 0)
    const told = await settled()
    const expected = isOnChain ? [['done', 201]] : []
    assert.deepEqual(
      told.map(({state, status}) => [state, status]),
      expected,
    )
    assert.equal(await exists(name), isOnChain)
  }

  for (const cut of isFull ? ALL : ALL.filter(({at, when}) => (at === 'call') === (when === 'before'))) {
    it(`daas kubectl, ${cut.when} the ${cut.at}: once or never, and the next one finds nothing in its way`, async () => {
      const name = `by-kubectl-${++names}`
      const path = await file(name)
      const victim = chaos.start(['kubectl', 'create', '--raw', MAPS, '-f', path])
      const killed = arm(cut, () => victim)
      await victim.ended
      assert.ok(killed(), victim.stderr())
      chaos.judge = () => 'pass'
      await check(cut, name)
      // The kubectl that was left alone ends by itself.
      await waitUntil('no kubectl is left', async () => (await processesNaming(path)).length === 0)
      const next = await chaos.start(['kubectl', 'get', '--raw', `${MAPS}?next=${name}`]).ended
      assert.equal(next.exitCode, 0, next.stderr)
      assert.deepEqual(await chaos.leftovers(), [])
    })
  }

  for (const cut of isFull ? ALL : ALL.filter(({at}) => at === 'request')) {
    it(`daas gateway, ${cut.when} the ${cut.at}: once or never; restarted, it is found as before`, async () => {
      const kubectl = (await locateTool('kubectl')) ?? ''
      const kubeconfig = join(chaos.dir, 'gateway.kubeconfig')
      const start = async (): Promise<RunningDaas> => {
        const gateway = chaos.start(['gateway', '--json', '--write-kubeconfig', kubeconfig])
        await gateway.waitFor('ready')
        return gateway
      }
      const ask = (...args: string[]) =>
        execa(kubectl, ['--kubeconfig', kubeconfig, ...args], {
          env: {HOME: join(chaos.dir, 'home'), PATH: process.env.PATH},
          extendEnv: false,
          reject: false,
        })

      const name = `by-gateway-${++names}`
      const path = await file(name)
      const victim = await start()
      const killed = arm(cut, () => victim)
      const cutOff = await ask('create', '--raw', MAPS, '-f', path)
      await victim.ended
      assert.ok(killed())
      assert.notEqual(cutOff.exitCode, 0)
      chaos.judge = () => 'pass'
      await check(cut, name)
      const again = await start()
      // By the kubeconfig of before the restart: the port is the same, its credential comes from the plugin.
      const next = await ask('get', '--raw', `${MAPS}?next=${name}`)
      assert.equal(next.exitCode, 0, next.stderr)
      assert.deepEqual(await chaos.leftovers(), [])
      await again.stop()
    })
  }
})
