import {existsSync} from 'node:fs'
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import type {Context} from 'mocha'
import which from 'which'
import {parse} from 'yaml'
import {HOW_TO_GET_KUBERNETES, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {createKubeHttp, type KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {type CliWorld, startCliWorld} from '../../helpers/cli-world.ts'
import {skipFor} from '../../helpers/skip.ts'
import {configOf, until} from './rig.ts'
import {IMAGE, importImage} from './session-image/image.ts'

/** A pod, as far as it matters here. */
export interface Pod {
  metadata: {name: string; uid: string; deletionTimestamp?: string; ownerReferences?: {kind: string}[]}
  spec: {nodeName?: string}
  status: {phase: string; containerStatuses?: {containerID: string}[]}
}

/** People at their command lines, a real control plane, and a kubelet that can be joined and runs pods. */
export interface PodsWorld {
  readonly cli: CliWorld
  readonly admin: KubeHttp
  /** What `daas join` takes for k3s: it calls itself k3s, and drives the real kubelet. */
  readonly k3sBin: string
  /** Gives the node's containerd the image of the pods. */
  importImageTo(dataDir: string): Promise<void>
  create(path: string, body: object): Promise<void>
  pods(): Promise<Pod[]>
  /** Does the scheduler's work, of which there is none: binds the one pending pod whose name begins so, waits until it runs. */
  run(prefix: string, node: string): Promise<Pod>
  close(): Promise<void>
}

const PODS = '/api/v1/namespaces/default/pods'

/** Starts it, or skips the suite where this machine cannot. */
export async function startPodsWorld(context: Context): Promise<PodsWorld> {
  const binaries = await locateKubernetes({env: process.env})
  if (!binaries?.kubelet) return skipFor(context, 'a real Kubernetes', HOW_TO_GET_KUBERNETES)
  const missing = await Promise.all(['go', 'ctr', 'tar'].map((name) => which(name, {nothrow: true})))
  // What ends a k3s ends the pods of any other kubelet, too.
  const inUse = ['/var/lib/kubelet/pods', '/run/k3s'].some((path) => existsSync(path))
  if (missing.includes(null) || process.getuid?.() !== 0 || inUse) {
    return skipFor(
      context,
      'a machine that can run a kubelet and build an image, and has no Kubernetes of its own',
      'be root on Linux, and install containerd, runc, containernetworking-plugins and go',
    )
  }

  context.timeout(180_000)
  const cli = await startCliWorld({KUBEBUILDER_ASSETS: dirname(binaries.kubeApiserver)}, 'binaries')
  const {kubernetes} = cli.ready
  const admin = createKubeHttp(configOf(await readFile(kubernetes.kubeconfig, 'utf8')))
  const close = async (): Promise<void> => {
    admin.close()
    await cli.close()
  }
  try {
    if (kubernetes.joinPartner?.kind !== 'kubelet') {
      return skipFor(context, 'containerd and runc', 'install containerd, runc, containernetworking-plugins')
    }

    await cli.listen()
    const k3sBin = await writeK3s(join(cli.home.dir, 'bin'), kubernetes.joinPartner.bin)
    const pods = async (): Promise<Pod[]> =>
      (await admin.json<{items: Pod[]}>({method: 'GET', path: PODS})).items
    return {
      cli,
      admin,
      k3sBin,
      async importImageTo(dataDir) {
        const config = parse(await readFile(join(dataDir, 'kubelet', 'config.yaml'), 'utf8')) as {
          containerRuntimeEndpoint: string
        }
        const dir = join(cli.home.dir, 'image')
        await mkdir(dir)
        await importImage(dir, config.containerRuntimeEndpoint.replace('unix://', ''))
      },
      async create(path, body) {
        await admin.json({method: 'POST', path, body})
      },
      pods,
      async run(prefix, node) {
        let pod: Pod | undefined
        const pending = async (): Promise<boolean> => {
          pod = (await pods()).find(({metadata, spec}) => metadata.name.startsWith(prefix) && !spec.nodeName)
          return pod !== undefined
        }
        await until(`a pod ${prefix}… is there`, pending, 30_000)
        const {name} = pod!.metadata
        const target = {apiVersion: 'v1', kind: 'Node', name: node}
        const body = {apiVersion: 'v1', kind: 'Binding', metadata: {name}, target}
        await admin.json({method: 'POST', path: `${PODS}/${name}/binding`, body})
        let last = ''
        const running = async (): Promise<boolean> => {
          const {body: answer} = await admin.call({method: 'GET', path: `${PODS}/${name}`})
          last = Buffer.from(answer).toString()
          return (JSON.parse(last) as Pod).status.phase === 'Running'
        }
        await until(`${name} runs`, running, 60_000, () => last)
        return JSON.parse(last) as Pod
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Nothing of daas' own calls itself k3s; this does, so that `daas join` makes no allowances for it. */
async function writeK3s(dir: string, partner: string): Promise<string> {
  const file = join(dir, 'k3s')
  const lines = [
    '#!/bin/sh',
    'case "$1" in',
    "  --version) echo 'k3s version v1.34.1+k3s1 (0123abcd)'; exit 0 ;;",
    '  check-config) exit 0 ;;',
    'esac',
    `exec '${partner}' "$@"`,
    '',
  ]
  await mkdir(dir, {recursive: true})
  await writeFile(file, lines.join('\n'))
  await chmod(file, 0o755)
  return file
}

/** What a controller makes pods from; `labels` tell its pods from others'. */
export function podTemplate(app: string, spec: object = {}): object {
  return {
    metadata: {labels: {app}},
    spec: {
      containers: [{name: 'main', image: IMAGE, imagePullPolicy: 'Never'}],
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      ...spec,
    },
  }
}
