import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {KubeConfig} from '@kubernetes/client-node'
import type {Context} from 'mocha'
import {pino} from 'pino'
import {type ChosenKubernetes, chooseKubernetes} from '../../../src/lib/devnet/kube/choose-kubernetes.ts'
import {HOW_TO_GET_KUBERNETES, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {skipFor} from '../../helpers/skip.ts'

/** A real control plane for a suite, and an administrator of it. */
export interface Rig {
  readonly dir: string
  readonly kubernetes: ChosenKubernetes
  readonly admin: KubeHttp
  close(): Promise<void>
}

/** Starts the real control plane, or skips the suite where its programs are missing. */
export async function startRig(context: Context): Promise<Rig> {
  const binaries = await locateKubernetes({env: process.env})
  if (!binaries?.kubeControllerManager) return skipFor(context, 'a real Kubernetes', HOW_TO_GET_KUBERNETES)
  context.timeout(180_000)
  const dir = await mkdtemp(join(tmpdir(), 'daas-rig-'))
  const kubernetes = await chooseKubernetes('binaries', {
    env: process.env,
    dir,
    signal: new AbortController().signal,
    logger: pino({level: 'silent'}),
  })
  const admin = createKubeHttp(configOf(kubernetes.adminKubeconfig))
  return {
    dir,
    kubernetes,
    admin,
    close: async () => {
      admin.close()
      await kubernetes.close()
      await rm(dir, {recursive: true, force: true})
    },
  }
}

/** Reads a kubeconfig's text. */
export function configOf(kubeconfig: string): KubeConfig {
  const config = new KubeConfig()
  config.loadFromString(kubeconfig)
  return config
}

/** Puts a bootstrap token into the cluster, as a listener does. */
export async function createBootstrapToken(admin: KubeHttp, id: string, secret: string): Promise<void> {
  await admin.json({
    method: 'POST',
    path: '/api/v1/namespaces/kube-system/secrets',
    body: {
      metadata: {name: `bootstrap-token-${id}`},
      type: 'bootstrap.kubernetes.io/token',
      stringData: {'token-id': id, 'token-secret': secret, 'usage-bootstrap-authentication': 'true'},
    },
  })
}

/** Whether the kubelet of a node has renewed its Lease after a time, RFC 3339. */
export async function hasSpokenSince(admin: KubeHttp, node: string, since: string): Promise<boolean> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`
  const {status, body} = await admin.call({method: 'GET', path})
  const {spec} = JSON.parse(Buffer.from(body).toString()) as {spec?: {renewTime: string}}
  return status === 200 && spec !== undefined && spec.renewTime > since
}

/** Waits until a condition holds; what `explain` says goes into the error where it does not. */
export async function until(
  what: string,
  condition: () => Promise<boolean>,
  timeoutMs: number,
  explain: () => string = () => '',
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s\n${explain()}`)
    await delay(100)
  }
}
