import {mkdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Context} from 'mocha'
import {pino} from 'pino'
import which from 'which'
import {parse} from 'yaml'
import type {ChosenKubernetes} from '../../../src/lib/devnet/kube/choose-kubernetes.ts'
import {startAgent} from '../../../src/lib/k3s/agent.ts'
import {formatJoinToken} from '../../../src/lib/k3s/token.ts'
import type {KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {skipFor} from '../../helpers/skip.ts'
import {createBootstrapToken, until} from './rig.ts'
import {IMAGE, importImage} from './session-image/image.ts'

/** The pod of the suite: it counts on stdout, echoes on port 8080, and says back what it hears on stdin. */
export const POD = 'talker'
export const NODE = 'worker-1'

const SECRET = '0123456789abcdef'

/** A real kubelet with a running pod; the node is there before the listener, so it needs no stake. */
export async function startPodNode(options: {
  context: Context
  kubernetes: Pick<ChosenKubernetes, 'joinPartner' | 'caHash' | 'url'>
  admin: KubeHttp
  dir: string
}): Promise<() => Promise<void>> {
  const {context, kubernetes, admin, dir} = options
  const missing = await Promise.all(['go', 'ctr', 'tar'].map((name) => which(name, {nothrow: true})))
  if (kubernetes.joinPartner?.kind !== 'kubelet' || missing.includes(null)) {
    return skipFor(
      context,
      'a machine that can run a kubelet and build an image',
      'be root on Linux, and install containerd, runc, containernetworking-plugins and go',
    )
  }

  await createBootstrapToken(admin, 'pod001', SECRET)
  const dataDir = join(dir, NODE)
  const agent = await startAgent({
    bin: kubernetes.joinPartner.bin,
    serverUrl: kubernetes.url,
    joinToken: formatJoinToken(kubernetes.caHash, `pod001.${SECRET}`),
    nodeName: NODE,
    // Where the kubelet listens, and where the API server looks for it.
    nodeIp: '127.0.0.1',
    dataDir,
    labels: {},
    taints: [],
    env: process.env,
    signal: new AbortController().signal,
    logger: pino({level: 'silent'}),
    graceMs: 30_000,
  })
  try {
    const explain = (): string => agent.tail.join('\n')
    await until('the node is ready', async () => agent.stage === 'running', 60_000, explain)
    // The kubelet takes no loopback address for its node's, though it listens nowhere else; what it finds it keeps.
    await admin.json({
      method: 'PATCH',
      path: `/api/v1/nodes/${NODE}/status`,
      contentType: 'application/merge-patch+json',
      body: {status: {addresses: [{type: 'InternalIP', address: '127.0.0.1'}]}},
    })
    const config = parse(await readFile(join(dataDir, 'kubelet', 'config.yaml'), 'utf8')) as {
      containerRuntimeEndpoint: string
    }
    const imageDir = join(dir, 'image')
    await mkdir(imageDir)
    await importImage(imageDir, config.containerRuntimeEndpoint.replace('unix://', ''))
    const serviceAccount = '/api/v1/namespaces/default/serviceaccounts/default'
    await until(
      'the service account is there',
      async () => (await admin.call({method: 'GET', path: serviceAccount})).status === 200,
      30_000,
    )
    await admin.json({method: 'POST', path: '/api/v1/namespaces/default/pods', body: pod()})
    let last = ''
    const running = async (): Promise<boolean> => {
      const path = `/api/v1/namespaces/default/pods/${POD}`
      last = Buffer.from((await admin.call({method: 'GET', path})).body).toString()
      return (JSON.parse(last) as {status: {phase: string}}).status.phase === 'Running'
    }
    await until('the pod runs', running, 60_000, () => `${last}\n${explain()}`)
    return async () => {
      await agent.stop()
    }
  } catch (error) {
    await agent.stop()
    throw error
  }
}

function pod(): object {
  const container = {
    name: 'main',
    image: IMAGE,
    imagePullPolicy: 'Never',
    command: ['/bin/tool', 'serve'],
    stdin: true,
    ports: [{containerPort: 8080}],
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: POD},
    spec: {
      nodeName: NODE,
      // Where the kubelet listens, and where the API server looks for it.
      nodeIp: '127.0.0.1',
      containers: [container],
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
    },
  }
}
