import assert from 'node:assert/strict'
import {findWorker, readRequest} from '../../../src/lib/contracts/reads.ts'
import {slashStake} from '../../../src/lib/contracts/transactions/staking.ts'
import {signLeave} from '../../../src/lib/seal/leave.ts'
import {signRegistration} from '../../../src/lib/seal/registration.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import type {ChaosWorld, Sealed, Victim} from './chaos-world.ts'
import type {When} from './killing-proxy.ts'

/** One life of the listener that is cut short, and what must be true after the next one. */
export interface Act {
  /** What the listener is asked for; somebody may die in the middle, which is no error. */
  act(): Promise<void>
  /** Whether it is all done: then there was no step left to be killed at. */
  isDone(): Promise<boolean>
  /** While who was killed is away. */
  meanwhile?(): Promise<void>
  /** After the restart. @param step the one at which it was killed */
  check(step: string, when: When, victim: Victim): Promise<void>
}

/** A story: told anew for each step. */
export interface Story {
  readonly name: string
  /** Its steps, at least. */
  readonly least: number
  /** Where it can be told only of some. */
  readonly victims?: readonly Victim[]
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
  const client = createSuiClient({url: chaos.chain.url})
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
        const signature = await signRegistration(chaos.chain.people.operator.signer, body)
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
        const signature = await signLeave(chaos.chain.people.operator.signer, body)
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
    /** As a kubelet, which tries again: an API server that has just started knows neither roles nor policies yet. */
    async comes(): Promise<void> {
      await waitUntil('it comes', async () => [201, 409].includes(await this.come()), DEADLINE_MS)
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
  await node.comes()
  await waitUntil(`${name} is settled`, () => node.isSettled(), DEADLINE_MS)
  // The very last of a join is a note in the journal, which cannot be seen from here but through this.
  const listener = await chaos.client(sealed.token)
  await waitUntil(`${name} is noted`, async () => (await listener.status(name)).registered, DEADLINE_MS)
  listener.close()
  return {sealed, node}
}

function join(name: string, comesBack: boolean): Story {
  return {
    name,
    least: 6,
    // A listener that lives on settles whoever comes.
    ...(!comesBack && {victims: ['listener'] as const}),
    async begin(chaos, id) {
      const sealed = await chaos.sealNode(id, comesBack ? LONG_TTL_MS : SHORT_TTL_MS)
      const node = nodeOf(chaos, id, sealed)
      return {
        act: async () => {
          if (await despite(node.register())) await despite(node.come())
        },
        isDone: () => node.isSettled(),
        async meanwhile() {
          // Before a listener sees it that would settle it.
          if (!comesBack) await chaos.admin.call({method: 'DELETE', path: node.path})
        },
        async check() {
          if (!comesBack) {
            await waitUntil(
              'its name and its token to go',
              async () => !(await node.isAllowed()) && !(await node.exists(node.secret)),
              DEADLINE_MS,
            )
            assert.equal(await node.come(), 403)
            return
          }

          await waitUntil('it is taken', () => despite(node.register()), DEADLINE_MS)
          await node.comes()
          await waitUntil('it is settled', () => node.isSettled(), DEADLINE_MS)
          await waitUntil('its token to be spent', async () => !(await node.exists(node.secret)), DEADLINE_MS)
          assert.equal((await chaos.patiently(node.onChain))?.stake, sealed.stake)
        },
      }
    },
  }
}

const eviction: Story = {
  name: 'an eviction',
  least: 9,
  async begin(chaos, id) {
    const {sealed, node} = await joined(chaos, id)
    const pod = await node.work()
    return {
      act: async () => {
        const {packageId} = await chaos.patiently(chaos.cluster)
        const {cluster, adminCap: cap} = chaos.chain.cluster
        await chaos.execute('admin', (tx) =>
          slashStake(tx, {packageId, cluster, cap, stake: sealed.stake, reason: 'chaos'}),
        )
      },
      isDone: async () => (await node.onChain())?.status === EVICTED,
      async check() {
        const isEvicted = async (): Promise<boolean> =>
          (await chaos.patiently(node.onChain))?.status === EVICTED
        await waitUntil('it is evicted', isEvicted, DEADLINE_MS)
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
  least: 7,
  async begin(chaos, id) {
    const {sealed, node} = await joined(chaos, id)
    return {
      act: async () => {
        await despite(node.leave())
      },
      isDone: async () => (await node.onChain())?.status === OFFLINE,
      async check() {
        // Whoever got no answer asks again; whoever has left already is not known any more.
        const listener = await chaos.client(sealed.token)
        const isKnown = (): Promise<boolean> => despite(listener.status(id))
        await waitUntil(
          'it is told to leave, or has left',
          async () => (await despite(node.leave())) || !(await isKnown()),
          DEADLINE_MS,
        )
        await waitUntil('it has left', async () => !(await isKnown()) && node.isOut(), DEADLINE_MS)
        listener.close()
        await waitUntil('it is taken again', () => despite(node.register()), DEADLINE_MS)
        await node.comes()
        await waitUntil('it is back', () => node.isSettled(), DEADLINE_MS)
      },
    }
  },
}

function kubectl(name: string, verb: 'create' | 'list'): Story {
  return {
    name,
    least: 2,
    async begin(chaos, id) {
      const user = await chaos.sealUser()
      const client = createSuiClient({url: chaos.chain.url})
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
        isDone: async () => request !== '' && (await read()).answered,
        async check(step, when, victim) {
          const isAnswered = async (): Promise<boolean> => (await chaos.patiently(read)).answered
          await waitUntil('it is answered', isAnswered, DEADLINE_MS)
          const {status} = await read()
          const made = await chaos.admin.json<{items: unknown[]}>({
            method: 'GET',
            path: `${CONFIG_MAPS}?labelSelector=chaos%3D${id}`,
          })
          const inTheMiddle = step.startsWith('as user')
          // A listener that was killed reads again. One that lives says what it met, unless it sees the request again.
          if (!isWrite)
            return assert.ok(
              status === 200 || (inTheMiddle && victim !== 'listener' && status === 503),
              `${status}`,
            )
          // Once at most; and where nobody can know, that is the answer.
          const expected = inTheMiddle ? [504, when === 'before' ? 0 : 1] : [201, 1]
          assert.deepEqual([status, made.items.length], expected)
        },
      }
    },
  }
}

/** All that a listener does, told in stories. */
export const STORIES: readonly Story[] = [
  join('a join whose worker tries again', true),
  join('a join whose worker never comes back', false),
  eviction,
  leaving,
  kubectl('a write', 'create'),
  kubectl('a read', 'list'),
]

/** Where they are cut in the short run, by who is killed; a story that is not named is not told there. */
export const SHORT: Readonly<Record<Victim, Record<string, readonly (readonly [at: number, when: When])[]>>> =
  {
    listener: {
      'a join whose worker tries again': [[3, 'after']],
      'an eviction': [[5, 'after']],
      'a write': [
        [0, 'before'],
        [0, 'after'],
      ],
    },
    'API server': {
      'a join whose worker tries again': [[1, 'after']],
      'an eviction': [[4, 'before']],
      'a write': [[0, 'after']],
    },
    chain: {
      'a join whose worker tries again': [[3, 'before']],
      'an eviction': [[2, 'after']],
      'a write': [[1, 'after']],
    },
  }
