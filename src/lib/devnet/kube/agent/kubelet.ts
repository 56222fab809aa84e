import {mkdir, writeFile} from 'node:fs/promises'
import {networkInterfaces} from 'node:os'
import {join} from 'node:path'
import {stringify} from 'yaml'
import {freePorts} from '../free-ports.ts'
import type {AgentSettings, TrustedServer} from './k3s-shape.ts'

/** What a kubelet is started with. */
export interface KubeletSetup {
  readonly args: string[]
  /** Holds nothing but the bootstrap token; removed once the kubelet has a certificate. */
  readonly bootstrapKubeconfig: string
  /** `http://127.0.0.1:<port>/healthz` */
  readonly healthz: string
}

/** Where the kubelet keeps its client certificate: with it a restart needs no token. */
export function kubeletCertificate(dataDir: string): string {
  return join(dataDir, 'kubelet', 'pki', 'kubelet-client-current.pem')
}

/**
 * Writes what a kubelet reads: a bootstrap kubeconfig with the token alone, so that it goes through the real TLS
 * bootstrap, and its configuration, with folders and ports of its own beside another kubelet on this machine.
 * @param dir absolute
 */
export async function setUpKubelet(
  settings: Pick<
    AgentSettings,
    'server' | 'nodeName' | 'nodeLabels' | 'nodeTaints' | 'nodeIp' | 'kubeletArgs'
  >,
  server: TrustedServer,
  dataDir: string,
  runtimeEndpoint: string,
): Promise<KubeletSetup> {
  const dir = join(dataDir, 'kubelet')
  await mkdir(join(dir, 'pki'), {recursive: true, mode: 0o700})
  const [port, healthzPort] = (await freePorts(2)) as [number, number]
  const clientCa = join(dir, 'client-ca.crt')
  await writeFile(clientCa, server.caPem)
  const bootstrapKubeconfig = join(dir, 'bootstrap.kubeconfig')
  await writeFile(bootstrapKubeconfig, tokenKubeconfig(settings.server, server), {mode: 0o600})
  const config = join(dir, 'config.yaml')
  await writeFile(
    config,
    stringify({
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      address: '127.0.0.1',
      port,
      readOnlyPort: 0,
      healthzBindAddress: '127.0.0.1',
      healthzPort,
      containerRuntimeEndpoint: runtimeEndpoint,
      authentication: {
        anonymous: {enabled: false},
        webhook: {enabled: true},
        x509: {clientCAFile: clientCa},
      },
      authorization: {mode: 'Webhook'},
      rotateCertificates: true,
      registerWithTaints: settings.nodeTaints.map(parseTaint),
      // This machine's own: the cgroup tree, swap and disk are not ours to change or to judge.
      cgroupDriver: 'cgroupfs',
      cgroupsPerQOS: false,
      enforceNodeAllocatable: [],
      failCgroupV1: false,
      failSwapOn: false,
      evictionHard: {'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%'},
      volumePluginDir: join(dir, 'plugins'),
      podLogsDir: join(dir, 'pod-logs'),
    }),
  )
  const args = [
    `--bootstrap-kubeconfig=${bootstrapKubeconfig}`,
    `--kubeconfig=${join(dir, 'kubelet.kubeconfig')}`,
    `--config=${config}`,
    `--root-dir=${dir}`,
    `--cert-dir=${join(dir, 'pki')}`,
    `--hostname-override=${settings.nodeName}`,
    `--node-ip=${settings.nodeIp ?? ownAddress()}`,
    ...(settings.nodeLabels.length > 0 ? [`--node-labels=${settings.nodeLabels.join(',')}`] : []),
    ...settings.kubeletArgs.map((arg) => `--${arg}`),
  ]
  return {args, bootstrapKubeconfig, healthz: `http://127.0.0.1:${healthzPort}/healthz`}
}

function tokenKubeconfig(server: string, {caPem, token}: TrustedServer): string {
  const name = 'bootstrap'
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [
      {name, cluster: {server, 'certificate-authority-data': Buffer.from(caPem).toString('base64')}},
    ],
    contexts: [{name, context: {cluster: name, user: name}}],
    users: [{name, user: {token: `${token.id}.${token.secret}`}}],
  })
}

/** `key=value:Effect` or `key:Effect`. */
function parseTaint(text: string): {key: string; value: string; effect: string} {
  const match = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(text)
  if (!match?.[1] || !match[3]) throw new Error(`invalid taint: ${text}`)
  return {key: match[1], value: match[2] ?? '', effect: match[3]}
}

/** The kubelet looks for a default route, which a machine without a network has not. */
function ownAddress(): string {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)
  return outside?.address ?? '127.0.0.1'
}
