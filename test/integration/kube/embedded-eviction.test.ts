import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {KubeConfig} from '@kubernetes/client-node'
import {runEmbeddedAgent} from '../../../src/lib/devnet/kube/agent/embedded-agent.ts'
import {
  type EmbeddedKubernetes,
  startEmbeddedKubernetes,
} from '../../../src/lib/devnet/kube/embedded/embedded-kubernetes.ts'
import {installAdmissionPolicy} from '../../../src/lib/kube/admission-policy.ts'
import {createAllowList} from '../../../src/lib/kube/allow-list.ts'
import {createBootstrapSecret} from '../../../src/lib/kube/bootstrap-secret.ts'
import {evictNode} from '../../../src/lib/kube/evict.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {isNodeReady, readNode} from '../../../src/lib/kube/node-ready.ts'
import {eventually} from './conformance-client.ts'

describe('embedded Kubernetes under the listener', function () {
  this.timeout(30_000)
  const token = 'evict1.0123456789abcdef'
  let kubernetes: EmbeddedKubernetes
  let http: KubeHttp
  let dir: string
  const agents: AbortController[] = []

  before(async () => {
    kubernetes = await startEmbeddedKubernetes()
    const config = new KubeConfig()
    config.loadFromString(kubernetes.adminKubeconfig)
    http = createKubeHttp(config)
    dir = await mkdtemp(join(tmpdir(), 'daas-evict-'))
    await writeFile(join(dir, 'token'), `K10${kubernetes.caHash}::${token}`, {mode: 0o600})
    assert.deepEqual(await installAdmissionPolicy(http), {firstTime: true, adopted: []})
    assert.deepEqual(await installAdmissionPolicy(http), {firstTime: false, adopted: []})
    await createBootstrapSecret(http, {
      token,
      expiresAtMs: Date.now() + 600_000,
      nodeName: 'w1',
      stake: '0x1',
    })
  })
  after(async () => {
    for (const agent of agents) agent.abort()
    http?.close()
    await kubernetes?.close()
    if (dir) await rm(dir, {recursive: true, force: true})
  })

  function start(node: string): {log: () => string; end: () => Promise<number>} {
    const ended = new AbortController()
    agents.push(ended)
    let log = ''
    const args = [
      'agent',
      '--server',
      kubernetes.url,
      '--token-file',
      join(dir, 'token'),
      '--node-name',
      node,
    ]
    args.push('--data-dir', join(dir, node))
    const write = (line: string): void => {
      log += line
    }
    const running = runEmbeddedAgent({args, env: {}, signal: ended.signal, write, now: Date.now})
    return {
      log: () => log,
      end: async () => {
        ended.abort()
        return running
      },
    }
  }
  const isThere = async (node: string): Promise<boolean> => isNodeReady(await readNode(http, node))

  it('refuses a name that has no stake', async () => {
    const agent = start('w9')
    await eventually(
      () => Promise.resolve(agent.log()),
      (log) => /system:node:w9 has no stake in this cluster/.test(log),
    )
    assert.equal(await readNode(http, 'w9'), undefined)
    assert.equal(await agent.end(), 0)
  })

  it('evicts a node with its pods, and keeps it out with what it holds', async () => {
    await createAllowList(http).allow('w1', '0x1')
    const agent = start('w1')
    await eventually(() => isThere('w1'), Boolean)
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {name: 'guest'},
      spec: {nodeName: 'w1', containers: [{name: 'c', image: 'i'}]},
    }
    await http.json({method: 'POST', path: '/api/v1/namespaces/default/pods', body: pod})

    const steps = await evictNode(http, {nodeName: 'w1', tokenId: 'evict1'})
    const changed = steps.filter((step) => step.changed).map((step) => step.step)
    assert.deepEqual(changed.slice(0, 5), ['allow-list', 'secret', 'taint', 'pods', 'node'])
    assert.equal(await readNode(http, 'w1'), undefined)
    assert.equal(await agent.end(), 0)
    assert.ok(!(await evictNode(http, {nodeName: 'w1', tokenId: 'evict1'})).some((step) => step.changed))

    const again = start('w1')
    await eventually(
      () => Promise.resolve(again.log()),
      (log) => /Unable to register node with API server.*has no stake in this cluster/.test(log),
    )
    assert.equal(await readNode(http, 'w1'), undefined)
    assert.equal(await again.end(), 0)
  })
})
