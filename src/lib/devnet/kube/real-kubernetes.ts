import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {KubeConfig} from '@kubernetes/client-node'
import {daasError} from '../../errors/daas-error.ts'
import {k3sCaHash} from '../../k3s/ca-hash.ts'
import {createKubeHttp, type KubeHttp} from '../../kube/kube-http.ts'
import {grantBootstrappers} from './bootstrap-rbac.ts'
import {type Child, startChild, waitForChild} from './child-process.ts'
import {apiServerArgs, controllerManagerArgs, type ControlPlanePorts, etcdArgs} from './control-plane-args.ts'
import {certKubeconfig, type ControlPlanePki, createControlPlanePki} from './control-plane-pki.ts'
import {freePorts} from './free-ports.ts'
import {HOW_TO_GET_KUBERNETES, type KubernetesBinaries} from './locate.ts'
import {startSupervisorFront} from './supervisor-front.ts'

/** How a real control plane is started. */
export interface RealKubernetesOptions {
  binaries: KubernetesBinaries
  /** An empty folder for its keys, data and logs; whoever made it removes it. */
  dir: string
  /** Ends the start. What runs already is ended by `close`. */
  signal: AbortSignal
  logger: {debug(fields: object, message: string): void; info(fields: object, message: string): void}
}

/** A running real control plane; the same form as the embedded one's. */
export interface RealKubernetes {
  /** Of the front: supervisor endpoints and API on one port, as k3s has it. */
  readonly url: string
  /** The CA of the cluster, PEM with a trailing newline. */
  readonly caPem: string
  /** k3s's CA hash of it. */
  readonly caHash: string
  /** A kubeconfig of a user who may do all. Secret. */
  readonly adminKubeconfig: string
  /** Ends its programs. */
  close(): Promise<void>
}

const START_TIMEOUT_MS = 120_000

/**
 * Starts etcd, kube-apiserver and kube-controller-manager with throw-away keys on free ports of the loopback, grants
 * bootstrap tokens what k3s grants them, and puts the k3s supervisor's endpoints in front.
 * @throws KUBERNETES_NOT_FOUND (no controller manager), KUBERNETES_START_FAILED, the signal's reason
 */
export async function startRealKubernetes(options: RealKubernetesOptions): Promise<RealKubernetes> {
  const {binaries, dir, signal, logger} = options
  const {kubeControllerManager} = binaries
  if (!kubeControllerManager) {
    throw daasError('KUBERNETES_NOT_FOUND', {
      kind: 'binaries',
      reason: 'kube-controller-manager is missing',
      remedy: HOW_TO_GET_KUBERNETES,
    })
  }
  await mkdir(join(dir, 'logs'), {recursive: true, mode: 0o700})
  const pki = await createControlPlanePki(join(dir, 'pki'))
  const [etcd, etcdPeer, apiServer, controllerManager] = (await freePorts(4)) as [
    number,
    number,
    number,
    number,
  ]
  const ports: ControlPlanePorts = {etcd, etcdPeer, apiServer, controllerManager}
  const apiServerUrl = `https://127.0.0.1:${ports.apiServer}`
  const started = Date.now()
  const closers: (() => Promise<void>)[] = []
  const run = async (name: string, bin: string, args: string[]): Promise<Child> => {
    signal.throwIfAborted()
    const child = await startChild({name, bin, args, logFile: join(dir, 'logs', `${name}.log`)})
    closers.unshift(async () => child.stop())
    return child
  }
  let closing: Promise<void> | undefined
  // The last started goes first: an API server without its etcd would only wait for it.
  const close = async (): Promise<void> => {
    closing ??= (async () => {
      for (const end of closers) await end()
    })()
    return closing
  }

  try {
    await run('etcd', binaries.etcd, etcdArgs(pki, ports, join(dir, 'etcd')))
    const api = await run('kube-apiserver', binaries.kubeApiserver, apiServerArgs(pki, ports))
    const admin = adminOf(apiServerUrl, pki)
    closers.unshift(async () => admin.close())
    await waitForChild({child: api, ready: isReady(admin, '/readyz'), timeoutMs: START_TIMEOUT_MS, signal})
    await grantBootstrappers(admin)

    const managerConfig = join(dir, 'pki', 'controller-manager.kubeconfig')
    await writeFile(managerConfig, certKubeconfig(apiServerUrl, pki.ca.certPem, pki.controllerManager), {
      mode: 0o600,
    })
    const manager = await run(
      'kube-controller-manager',
      kubeControllerManager,
      controllerManagerArgs(pki, ports, managerConfig),
    )
    // It makes this account: with it the controllers are known to run, and pods can be created.
    const account = '/api/v1/namespaces/default/serviceaccounts/default'
    await waitForChild({child: manager, ready: isReady(admin, account), timeoutMs: START_TIMEOUT_MS, signal})

    const front = await startSupervisorFront({
      apiServerUrl,
      caPem: pki.ca.certPem,
      serving: pki.front,
      frontProxy: pki.frontProxy,
      logger,
    })
    closers.unshift(front.close)
    logger.info({url: front.url, ms: Date.now() - started, from: binaries.source}, 'real Kubernetes started')
    return {
      url: front.url,
      caPem: pki.ca.certPem,
      caHash: k3sCaHash(pki.ca.certPem),
      adminKubeconfig: certKubeconfig(front.url, pki.ca.certPem, pki.admin),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function adminOf(server: string, pki: ControlPlanePki): KubeHttp {
  const config = new KubeConfig()
  config.loadFromString(certKubeconfig(server, pki.ca.certPem, pki.admin))
  return createKubeHttp(config)
}

function isReady(admin: KubeHttp, path: string): (signal: AbortSignal) => Promise<boolean> {
  return async (signal) => (await admin.call({method: 'GET', path, signal})).status === 200
}
