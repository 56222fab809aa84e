import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {pino} from 'pino'
import {type AgentHandle, startAgent} from '../../../src/lib/k3s/agent.ts'
import {formatJoinToken} from '../../../src/lib/k3s/token.ts'
import {installAdmissionPolicy} from '../../../src/lib/kube/admission-policy.ts'
import {createAllowList} from '../../../src/lib/kube/allow-list.ts'
import {evictNode} from '../../../src/lib/kube/evict.ts'
import {skipFor} from '../../helpers/skip.ts'
import {createBootstrapToken, type Rig, startRig, until} from './rig.ts'

interface Node {
  metadata: {labels: Record<string, string>}
  spec: {taints?: {key: string; value?: string; effect: string}[]}
  status: {conditions: {type: string; status: string}[]; nodeInfo: {kubeletVersion: string}}
}

const SECRET = '0123456789abcdef'

describe('real kubelet behind the face of a k3s agent', function () {
  this.timeout(120_000)
  let rig: Rig
  let handle: AgentHandle | undefined

  before(async function () {
    rig = await startRig(this)
    if (rig.kubernetes.joinPartner?.kind !== 'kubelet') {
      skipFor(
        this,
        'a machine that can run a kubelet',
        'be root on Linux, and install containerd, runc and containernetworking-plugins',
      )
    }
  })

  afterEach(async () => {
    await handle?.stop()
    handle = undefined
  })

  after(async () => rig?.close())

  async function start(name: string, token: string, caHash = rig.kubernetes.caHash): Promise<AgentHandle> {
    handle = await startAgent({
      bin: rig.kubernetes.joinPartner!.bin,
      serverUrl: rig.kubernetes.url,
      joinToken: formatJoinToken(caHash, token),
      nodeName: name,
      dataDir: join(rig.dir, name),
      labels: {'daas.io/tier': 'one'},
      taints: ['daas.io/unverified=true:NoSchedule'],
      env: process.env,
      signal: new AbortController().signal,
      logger: pino({level: 'silent'}),
      graceMs: 30_000,
    })
    return handle
  }

  async function node(name: string): Promise<Node | undefined> {
    const answer = await rig.admin.call({method: 'GET', path: `/api/v1/nodes/${name}`})
    return answer.status === 200 ? (JSON.parse(Buffer.from(answer.body).toString()) as Node) : undefined
  }
  const isReady = async (name: string): Promise<boolean> =>
    (await node(name))?.status.conditions.some(({type, status}) => type === 'Ready' && status === 'True') ??
    false

  it('joins with a bootstrap token alone, gets Ready, and comes back without the token', async () => {
    await createBootstrapToken(rig.admin, 'join01', SECRET)
    const agent = await start('worker-1', `join01.${SECRET}`)
    await until(
      'worker-1 is Ready',
      async () => isReady('worker-1'),
      60_000,
      () => agent.tail.join('\n'),
    )
    await until('the agent says so', async () => agent.stage === 'running', 10_000)
    const joined = (await node('worker-1'))!
    assert.equal(joined.status.nodeInfo.kubeletVersion, rig.kubernetes.version)
    assert.equal(joined.metadata.labels['daas.io/tier'], 'one')
    assert.deepEqual(
      joined.spec.taints?.filter(({key}) => key.startsWith('daas.io/')),
      [{key: 'daas.io/unverified', value: 'true', effect: 'NoSchedule'}],
    )
    assert.ok(!(await readFile(agent.logFile, 'utf8')).includes(SECRET))
    assert.equal(existsSync(join(rig.dir, 'worker-1', 'kubelet', 'bootstrap.kubeconfig')), false)

    assert.deepEqual(await agent.stop(), {code: 0, signal: null, requested: true})
    const mounts = await readFile('/proc/self/mounts', 'utf8')
    assert.ok(!mounts.includes(rig.dir))

    await rig.admin.json({
      method: 'DELETE',
      path: '/api/v1/namespaces/kube-system/secrets/bootstrap-token-join01',
    })
    const again = await start('worker-1', 'join01.0000000000000000')
    await until('the agent is back', async () => again.stage === 'running', 60_000)
  })

  it('loops for ever, as k3s does, over a wrong CA hash and a dead token, and says why', async () => {
    const wrongHash = await start('worker-2', `join02.${SECRET}`, 'f'.repeat(64))
    await until('the cause is read', async () => wrongHash.lastCause?.code === 'ca-hash-mismatch', 15_000)
    await wrongHash.stop()
    const deadToken = await start('worker-2', `join02.${SECRET}`)
    await until('the cause is read', async () => deadToken.lastCause?.code === 'token-refused', 15_000)
    assert.equal(await node('worker-2'), undefined)
  })

  it('stays out once it is evicted, although its certificate is valid and its token lives', async () => {
    await installAdmissionPolicy(rig.admin)
    await createAllowList(rig.admin).allow('worker-3', `0x${'3'.repeat(64)}`)
    await createBootstrapToken(rig.admin, 'join03', SECRET)
    // The API server compiles a policy some time after it was made: until then nobody is refused.
    await until('the policy holds', async () => !(await mayRegister('worker-4')), 30_000)
    const stranger = await start('worker-4', `join03.${SECRET}`)
    await until(
      'a name that is not on the list is refused',
      async () => isRefused(stranger),
      20_000,
      () => stranger.tail.join('\n'),
    )
    await stranger.stop()
    assert.equal(await node('worker-4'), undefined)

    const agent = await start('worker-3', `join03.${SECRET}`)
    await until(
      'worker-3 is Ready',
      async () => isReady('worker-3'),
      60_000,
      () => agent.tail.join('\n'),
    )
    await agent.stop()
    // Without tokenId the Secret stays: the policy alone has to hold.
    await evictNode(rig.admin, {nodeName: 'worker-3', graceMs: 0})
    const again = await start('worker-3', `join03.${SECRET}`)
    await until(
      'its registration is refused',
      async () => isRefused(again),
      60_000,
      () => again.tail.join('\n'),
    )
    assert.equal(await node('worker-3'), undefined)
  })

  const isRefused = async (agent: AgentHandle): Promise<boolean> =>
    agent.lastCause?.code === 'registration-refused'

  /** Asks as a kubelet of that name would, without doing it. */
  async function mayRegister(name: string): Promise<boolean> {
    const {status} = await rig.admin.call({
      method: 'POST',
      path: '/api/v1/nodes?dryRun=All',
      headers: {
        'content-type': 'application/json',
        'impersonate-user': `system:node:${name}`,
        'impersonate-group': ['system:nodes', 'system:authenticated'],
      },
      body: JSON.stringify({apiVersion: 'v1', kind: 'Node', metadata: {name}}),
    })
    return status === 201
  }
})
