import {type ControlPlanePki, FRONT_PROXY_NAME} from './control-plane-pki.ts'

/** The ports of a control plane, all on the loopback. */
export interface ControlPlanePorts {
  readonly etcd: number
  readonly etcdPeer: number
  readonly apiServer: number
  readonly controllerManager: number
}

/** Arguments of etcd: one member, TLS with client certificates on both ports. */
export function etcdArgs(pki: ControlPlanePki, ports: ControlPlanePorts, dataDir: string): string[] {
  const client = `https://127.0.0.1:${ports.etcd}`
  const peer = `https://127.0.0.1:${ports.etcdPeer}`
  return flags({
    name: 'default',
    'data-dir': dataDir,
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    'cert-file': pki.etcdServer.cert,
    'key-file': pki.etcdServer.key,
    'trusted-ca-file': pki.etcdCaFile,
    'client-cert-auth': 'true',
    'peer-cert-file': pki.etcdServer.cert,
    'peer-key-file': pki.etcdServer.key,
    'peer-trusted-ca-file': pki.etcdCaFile,
    'peer-client-cert-auth': 'true',
  })
}

/**
 * Arguments of kube-apiserver: as k3s runs it where it matters for daas (bootstrap tokens, Node and RBAC
 * authorisation, NodeRestriction, no anonymous requests), on the loopback.
 */
export function apiServerArgs(pki: ControlPlanePki, ports: ControlPlanePorts): string[] {
  return flags({
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    // A loopback address may not stand in Endpoints; nothing reaches the API through the Service here.
    'endpoint-reconciler-type': 'none',
    'secure-port': String(ports.apiServer),
    'etcd-servers': `https://127.0.0.1:${ports.etcd}`,
    'etcd-cafile': pki.etcdCaFile,
    'etcd-certfile': pki.etcdClient.cert,
    'etcd-keyfile': pki.etcdClient.key,
    'service-cluster-ip-range': '10.43.0.0/16',
    'allow-privileged': 'true',
    'anonymous-auth': 'false',
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'enable-bootstrap-token-auth': 'true',
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': pki.serviceAccountPublicKey,
    'service-account-signing-key-file': pki.serviceAccountKey,
    'tls-cert-file': pki.apiServer.cert,
    'tls-private-key-file': pki.apiServer.key,
    'client-ca-file': pki.caFile,
    'requestheader-client-ca-file': pki.frontProxyCaFile,
    'requestheader-allowed-names': FRONT_PROXY_NAME,
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'kubelet-client-certificate': pki.apiServerKubelet.cert,
    'kubelet-client-key': pki.apiServerKubelet.key,
    'kubelet-preferred-address-types': 'InternalIP,Hostname',
    profiling: 'false',
  })
}

/** Arguments of kube-controller-manager: all controllers, and those that bootstrap tokens need. */
export function controllerManagerArgs(
  pki: ControlPlanePki,
  ports: ControlPlanePorts,
  kubeconfig: string,
): string[] {
  return flags({
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    'secure-port': String(ports.controllerManager),
    controllers: '*,bootstrap-signer-controller,token-cleaner-controller',
    'cluster-signing-cert-file': pki.caFile,
    'cluster-signing-key-file': pki.caKeyFile,
    'root-ca-file': pki.caFile,
    'service-account-private-key-file': pki.serviceAccountKey,
    'use-service-account-credentials': 'true',
    // There is only one of it.
    'leader-elect': 'false',
    profiling: 'false',
  })
}

function flags(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`)
}
