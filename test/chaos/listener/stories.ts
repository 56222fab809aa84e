import assert from 'node:assert/strict'
import {findWorker, readRequest} from '../../../src/lib/contracts/reads.ts'
import {slashStake} from '../../../src/lib/contracts/transactions/staking.ts'
import {signLeave} from '../../../src/lib/seal/leave.ts'
import {signRegistration} from '../../../src/lib/seal/registration.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import type {ChaosWorld, Sealed} from './chaos-world.ts'
import type {When} from './killing-proxy.ts'

/** One life of the listener that is cut short, and what must be true after the next one. */
export interface Act {
  /** What the listener is asked for; it may die in the middle, which is no error. */
  act(): Promise<void>
  /** Whether it is all done: then there was no step left to be killed at. */
  isDone(): Promise<boolean>
  /** After the restart. @param step the one at which it was killed */
  check(step: string, when: When): Promise<void>
}

/** A story: told anew for each step. */
export interface Story {
  readonly name: string
  /** Its steps, at least. */
  readonly least: number
  /** Where it is cut in the short run; nowhere: not told there. */
  readonly short: readonly (readonly [at: number, when: When])[]
  /** @param id of this telling, for names */
  begin(chaos: ChaosWorld, id: string): Promise<Act>
}

const DEADLINE_MS = 60_000
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
const EVICTED = 3
const OFFLINE = 2
/** A seal that is over before anybody looks for what it left. */
const SHORT_TTL_MS = 25_000n
const LONG_TTL_MS = 3_600_000n

/** Whoever waits for the dead does not have to hear it from an exception. */
async function despite(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return true
  } catch {
    return false
  }
}

function nodeOf(chaos: ChaosWorld, name: string, sealed: Sealed) {
  const path = `/api/v1/nodes/${name}`
  const lease = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`
  const secret = `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${sealed.token.slice(0, 6)}`
  const headers = {
    'content-type': 'application/json',
    'impersonate-user': `system:node:${name}`,
    'impersonate-group': ['system:nodes', 'system:authenticated'],
  }
  const exists = async (at: string): Promise<boolean> =>
    (await chaos.admin.call({method: 'GET', path: at})).status === 200
  const client = createSuiClient({url: chaos.world.devnet.url})
  return {
    path,
    lease,
    secret,
    exists,
    isAllowed: async (): Promise<boolean> => {
      const list = await chaos.admin.json<{data?: Record<string, string>}>({
        method: 'GET',
        path: '/api/v1/namespaces/kube-system/configmaps/daas-nodes',
      })
      return Object.hasOwn(list.data ?? {}, name)
    },
    onChain: async () => findWorker(client, await chaos.cluster(), name),
    async register(): Promise<void> {
      const body = chaos.registration(name, sealed)
      const listener = await chaos.client(sealed.token)
      try {
        const signature = await signRegistration(chaos.world.people.operator.signer, body)
        await listener.register({body, signature})
      } finally {
        listener.close()
      }
    },
    async leave(): Promise<void> {
      const {version, cluster, stake, nodeName, address, tokenHash, timestampMs, nonce} = chaos.registration(
        name,
        sealed,
      )
      const body = {version, cluster, stake, nodeName, address, tokenHash, timestampMs, nonce}
      const listener = await chaos.client(sealed.token)
      try {
        const signature = await signLeave(chaos.world.people.operator.signer, body)
        await listener.leave({body, signature})
      } finally {
        listener.close()
      }
    },
    /** As its kubelet does it: the policy has its say. @returns the status of the creation */
    async come(): Promise<number> {
      const labels = {'daas.io/stake': sealed.stake.slice(2, 18)}
      const taints = [{key: 'daas.io/unverified', value: 'true', effect: 'NoSchedule'}]
      const {status} = await chaos.admin.call({
        method: 'POST',
        path: '/api/v1/nodes',
        headers,
        body: JSON.stringify({apiVersion: 'v1', kind: 'Node', metadata: {name, labels}, spec: {taints}}),
      })
      if (status !== 201 && status !== 409) return status
      const conditions = [{type: 'Ready', status: 'True', reason: 'Tested', message: ''}]
      await chaos.admin.call({
        method: 'PATCH',
        path: `${path}/status`,
        headers: {...headers, 'content-type': 'application/merge-patch+json'},
        body: JSON.stringify({status: {conditions}}),
      })
      const spec = {holderIdentity: name, renewTime: new Date().toISOString().replace('Z', '000Z')}
      const taken = await chaos.admin.call({
        method: 'POST',
        path: lease.slice(0, lease.lastIndexOf('/')),
        headers,
        body: JSON.stringify({apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: {name}, spec}),
      })
      if (taken.status === 409) {
        await chaos.admin.json({method: 'PATCH', path: lease, body: {spec}})
      }

      return status
    },
    /** A pod that nobody will ever run. */
    async work(): Promise<string> {
      const pods = '/api/v1/namespaces/default/pods'
      await waitUntil(
        'the service account that pods need',
        () => exists('/api/v1/namespaces/default/serviceaccounts/default'),
        DEADLINE_MS,
      )
      await chaos.admin.json({
        method: 'POST',
        path: pods,
        body: {
          metadata: {name},
          spec: {nodeName: name, containers: [{name: 'it', image: 'none.invalid/none'}]},
        },
      })
      return `${pods}/${name}`
    },
    async isSettled(): Promise<boolean> {
      const {status, body} = await chaos.admin.call({method: 'GET', path})
      const node = JSON.parse(Buffer.from(body).toString()) as {
        spec?: {taints?: {key: string}[]}
        metadata?: {labels?: Record<string, string>}
      }
      return (
        status === 200 &&
        node.metadata?.labels?.['node-restriction.kubernetes.io/daas-verified'] === 'true' &&
        node.spec?.taints?.some(({key}) => key === 'daas.io/unverified') !== true
      )
    },
    async isOut(): Promise<boolean> {
      const left = await Promise.all([exists(path), exists(lease), exists(secret), this.isAllowed()])
      return !left.includes(true)
    },
  }
}

async function joined(chaos: ChaosWorld, name: string) {
  const sealed = await chaos.sealNode(name, LONG_TTL_MS)
  const node = nodeOf(chaos, name, sealed)
  await node.register()
  assert.equal(await node.come(), 201)
  await waitUntil(`${name} is settled`, () => node.isSettled(), DEADLINE_MS)
  // The very last of a join is a note in the journal, which cannot be seen from here but through this.
  const listener = await chaos.client(sealed.token)
  await waitUntil(`${name} is noted`, async () => (await listener.status(name)).registered, DEADLINE_MS)
  listener.close()
  return {sealed, node}
}

function join(name: string, comesBack: boolean, short: Story['short']): Story {
  return {
    name,
    least: 6,
    short,
    async begin(chaos, id) {
      const sealed = await chaos.sealNode(id, comesBack ? LONG_TTL_MS : SHORT_TTL_MS)
      const node = nodeOf(chaos, id, sealed)
      return {
        act: async () => {
          if (await despite(node.register())) await node.come()
        },
        isDone: () => node.isSettled(),
        async check() {
          if (!comesBack) {
            await chaos.admin.call({method: 'DELETE', path: node.path})
            await waitUntil(
              'its name and its token to go',
              async () => !(await node.isAllowed()) && !(await node.exists(node.secret)),
              DEADLINE_MS,
            )
            assert.equal(await node.come(), 403)
            return
          }

          await node.register()
          assert.ok([201, 409].includes(await node.come()))
          await waitUntil('it is settled', () => node.isSettled(), DEADLINE_MS)
          await waitUntil('its token to be spent', async () => !(await node.exists(node.secret)), DEADLINE_MS)
          assert.equal((await node.onChain())?.stake, sealed.stake)
        },
      }
    },
  }
}

const eviction: Story = {
  name: 'an eviction',
  least: 9,
  short: [[5, 'after']],
  async begin(chaos, id) {
    const {sealed, node} = await joined(chaos, id)
    const pod = await node.work()
    return {
      act: async () => {
        const {packageId} = await chaos.cluster()
        const {cluster, adminCap: cap} = chaos.world.cluster
        await chaos.execute('admin', (tx) =>
          slashStake(tx, {packageId, cluster, cap, stake: sealed.stake, reason: 'chaos'}),
        )
      },
      isDone: async () => (await node.onChain())?.status === EVICTED,
      async check() {
        await waitUntil('it is evicted', async () => (await node.onChain())?.status === EVICTED, DEADLINE_MS)
        assert.equal(await node.isOut(), true)
        assert.equal(await node.exists(pod), false)
        assert.equal(await node.come(), 403)
        await assert.rejects(node.register(), {code: 'DAAS-J114'})
      },
    }
  },
}

const leaving: Story = {
  name: 'a leave',
  least: 8,
  short: [],
  async begin(chaos, id) {
    const {sealed, node} = await joined(chaos, id)
    return {
      act: async () => {
        await despite(node.leave())
      },
      isDone: async () => (await node.onChain())?.status === OFFLINE,
      async check() {
        // Whoever got no answer asks again; whoever has left already is not known any more.
        await despite(node.leave())
        const listener = await chaos.client(sealed.token)
        await waitUntil(
          'it has left',
          async () => !(await despite(listener.status(id))) && node.isOut(),
          DEADLINE_MS,
        )
        listener.close()
        await node.register()
        assert.equal(await node.come(), 201)
        await waitUntil('it is back', () => node.isSettled(), DEADLINE_MS)
      },
    }
  },
}

function kubectl(name: string, verb: 'create' | 'list', short: Story['short']): Story {
  return {
    name,
    least: 2,
    short,
    async begin(chaos, id) {
      const user = await chaos.sealUser()
      const client = createSuiClient({url: chaos.world.devnet.url})
      const judged = {verb, resource: 'configmaps', namespace: 'default'}
      const isWrite = verb === 'create'
      const body = {metadata: {generateName: `${id}-`, labels: {chaos: id}}}
      let request = ''
      const read = () => readRequest(client, request)
      return {
        act: async () => {
          const what = isWrite
            ? {method: 'POST', path: CONFIG_MAPS, body}
            : {method: 'GET', path: CONFIG_MAPS}
          request = await chaos.ask(user, what, judged)
        },
        isDone: async () => (await read()).answered,
        async check(step, when) {
          await waitUntil('it is answered', async () => (await read()).answered, DEADLINE_MS)
          const {status} = await read()
          const made = await chaos.admin.json<{items: unknown[]}>({
            method: 'GET',
            path: `${CONFIG_MAPS}?labelSelector=chaos%3D${id}`,
          })
          if (!isWrite) return assert.equal(status, 200)
          // Once at most; and where nobody can know, that is the answer.
          const inTheMiddle = step.startsWith('as user')
          const expected = inTheMiddle ? [504, when === 'before' ? 0 : 1] : [201, 1]
          assert.deepEqual([status, made.items.length], expected)
        },
      }
    },
  }
}

/** All that a listener does, told in stories. */
export const STORIES: readonly Story[] = [
  join('a join whose worker tries again', true, [[3, 'after']]),
  join('a join whose worker never comes back', false, []),
  eviction,
  leaving,
  kubectl('a write', 'create', [
    [0, 'before'],
    [0, 'after'],
  ]),
  kubectl('a read', 'list', []),
]
