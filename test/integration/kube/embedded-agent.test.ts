import assert from 'node:assert/strict'
import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {writeStandIn} from '../../../src/lib/devnet/kube/agent/launcher.ts'
import {
  type EmbeddedKubernetes,
  startEmbeddedKubernetes,
} from '../../../src/lib/devnet/kube/embedded/embedded-kubernetes.ts'
import {type Answered, ClusterClient, eventually} from './conformance-client.ts'

const SECRET = '0123456789abcdef'

describe('embedded agent', function () {
  this.timeout(60_000)
  let kubernetes: EmbeddedKubernetes
  let cluster: ClusterClient
  let dir: string
  let k3s: string
  const agents = new Set<ChildProcess>()

  before(async () => {
    kubernetes = await startEmbeddedKubernetes()
    cluster = await ClusterClient.open(kubernetes.adminKubeconfig)
    dir = await mkdtemp(join(tmpdir(), 'daas-agent-'))
    k3s = await writeStandIn(join(dir, 'bin'), {kind: 'embedded'})
  })
  after(async () => {
    for (const agent of agents) agent.kill('SIGKILL')
    await cluster?.close()
    await kubernetes?.close()
    if (dir) await rm(dir, {recursive: true, force: true})
  })

  /** Creates a bootstrap token and its file. */
  async function token(id: string, caHash = kubernetes.caHash): Promise<string> {
    const stringData = {'token-id': id, 'token-secret': SECRET, 'usage-bootstrap-authentication': 'true'}
    const metadata = {name: `bootstrap-token-${id}`}
    const body = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'bootstrap.kubernetes.io/token',
      stringData,
    }
    await cluster.http('POST', '/api/v1/namespaces/kube-system/secrets', {body})
    const file = join(dir, `${id}.token`)
    await writeFile(file, `K10${caHash}::${id}.${SECRET}\n`, {mode: 0o600})
    return file
  }

  interface Running {
    process: ChildProcess
    log(): string
    end(): Promise<number | null>
  }

  function start(node: string, tokenFile: string, ...more: string[]): Running {
    const args = ['agent', '--server', kubernetes.url, '--token-file', tokenFile, '--node-name', node]
    args.push('--data-dir', join(dir, node), ...more)
    const env = {PATH: process.env['PATH'], NOTIFY_SOCKET: join(dir, 'notify')}
    const child = spawn(k3s, args, {env, stdio: ['ignore', 'ignore', 'pipe']})
    agents.add(child)
    let log = ''
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
    const exited = once(child, 'exit')
    return {
      process: child,
      log: () => log,
      async end() {
        child.kill('SIGTERM')
        await exited
        agents.delete(child)
        return child.exitCode
      },
    }
  }

  const getNode = (name: string): Promise<Answered> => cluster.http('GET', `/api/v1/nodes/${name}`)
  const isReady = ({body}: Answered): boolean =>
    (body.status?.conditions ?? []).some(
      (item: {type: string; status: string}) => item.type === 'Ready' && item.status === 'True',
    )
  const logged = (agent: Running, pattern: RegExp): Promise<string> =>
    eventually(
      () => Promise.resolve(agent.log()),
      (log) => pattern.test(log),
    )

  it('says what it is', () => {
    assert.match(
      execFileSync(k3s, ['--version']).toString(),
      /^k3s version v1\.34\.1\+daas-embedded-agent \(embedded agent of daas, not k3s\)\n$/,
    )
  })

  it('joins with a token, logs as k3s does, keeps its key to itself, and comes back without the token', async () => {
    const file = await token('joinaa')
    const agent = start(
      'w1',
      file,
      '--node-label',
      'daas.io/a=b',
      '--node-taint',
      'daas.io/unverified=true:NoSchedule',
    )
    const node = await eventually(() => getNode('w1'), isReady)
    assert.equal(node.body.metadata.labels['daas.io/a'], 'b')
    assert.deepEqual(node.body.spec.taints, [
      {key: 'daas.io/unverified', value: 'true', effect: 'NoSchedule'},
    ])
    assert.equal(node.body.status.nodeInfo.kubeletVersion, 'v1.34.1+daas-embedded-agent')
    await logged(agent, /k3s agent is up and running/)
    const milestones = [
      'Starting k3s agent v',
      'Running load balancer k3s-agent-load-balancer',
      'Getting list of apiserver endpoints from server',
      'Remotedialer connected to proxy',
      'Running kubelet ',
      'Successfully registered node',
      'Annotations and labels have been set successfully on node: w1',
      'k3s agent is up and running',
    ]
    const places = milestones.map((milestone) => agent.log().indexOf(milestone))
    assert.ok(!places.includes(-1), agent.log())
    assert.deepEqual(
      places,
      places.toSorted((left, right) => left - right),
    )
    assert.ok(!agent.log().includes(SECRET))
    const key = await stat(join(dir, 'w1', 'agent', 'client-kubelet.key'))
    assert.equal(key.mode & 0o777, 0o600)
    const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/w1'
    assert.equal((await cluster.http('GET', lease)).body.spec.holderIdentity, 'w1')

    await cluster.http('DELETE', '/api/v1/namespaces/kube-system/secrets/bootstrap-token-joinaa')
    await cluster.http('DELETE', '/api/v1/nodes/w1')
    assert.equal(await agent.end(), 0)
    assert.equal((await getNode('w1')).status, 404)
    // The Lease is owned by the Node and goes with it.
    await eventually(
      () => cluster.http('GET', lease),
      (answer) => answer.status === 404,
    )
    const again = start('w1', file)
    await eventually(() => getNode('w1'), isReady)
    assert.equal(await again.end(), 0)
  })

  it('tries for ever with a wrong CA hash, and sends no token', async () => {
    const agent = start('w2', await token('wrongh', 'f'.repeat(64)))
    const twice =
      /(Failed to validate connection to cluster at [\s\S]*token CA hash does not match[\s\S]*?){2}/
    await logged(agent, twice)
    assert.equal(agent.process.exitCode, null)
    assert.equal(await agent.end(), 0)
    assert.equal((await getNode('w2')).status, 404)
  })

  it('waits with a dead token', async () => {
    const file = await token('deadaa')
    await cluster.http('DELETE', '/api/v1/namespaces/kube-system/secrets/bootstrap-token-deadaa')
    const agent = start('w3', file)
    await logged(agent, /Waiting to retrieve agent configuration; server is not ready: .*401/)
    assert.equal(await agent.end(), 0)
  })

  it('ends with 1 on a flag that it does not know', async () => {
    const agent = start('w4', await token('flagaa'), '--no-such-flag')
    await once(agent.process, 'exit')
    agents.delete(agent.process)
    assert.equal(agent.process.exitCode, 1)
    assert.match(agent.log(), /level=fatal/)
  })

  it('shows the face of a k3s server', async () => {
    await token('faceaa')
    const bearer = `faceaa.${SECRET}`
    assert.equal((await cluster.http('GET', '/cacerts', {bearer: null})).body, kubernetes.caPem)
    assert.equal((await cluster.http('GET', '/ping', {bearer: null})).body, 'pong')
    assert.equal((await cluster.http('GET', '/v1-k3s/readyz', {bearer})).status, 200)
    assert.equal(
      (await cluster.http('GET', '/v1-k3s/readyz', {bearer: `faceaa.${'9'.repeat(16)}`})).status,
      401,
    )
    const version = await cluster.http('GET', '/version', {bearer})
    assert.equal(version.body.gitVersion, 'v1.34.1+daas-embedded')
    assert.equal(version.headers['x-daas-embedded'], 'v1.34.1+daas-embedded')
  })
})
