import {arch, cpus, hostname, release, totalmem} from 'node:os'
import {type AgentConfig} from './embedded-flags.ts'

/** What the embedded agent calls itself in `kubectl get nodes`. */
export const AGENT_VERSION = 'v1.34.1+daas-embedded-agent'

/** RFC 3339 in whole seconds. */
function seconds(now: number): string {
  return new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** The Node as a kubelet creates it: not ready yet. */
export function nodeObject(config: AgentConfig, now: number): object {
  const platform = goArch()
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: config.nodeName,
      labels: {
        'kubernetes.io/hostname': config.nodeName,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': platform,
        'beta.kubernetes.io/os': 'linux',
        'beta.kubernetes.io/arch': platform,
        'node.kubernetes.io/instance-type': 'k3s',
        ...config.labels,
      },
    },
    spec: {
      providerID: `k3s://${config.nodeName}`,
      ...(config.taints.length > 0 ? {taints: config.taints} : {}),
    },
    status: nodeStatus(config, now, false, now),
  }
}

/** The annotations and labels that k3s puts on its node once it is registered. */
export function nodeMarks(config: AgentConfig): object {
  return {
    metadata: {
      annotations: {
        'k3s.io/hostname': hostname(),
        'k3s.io/internal-ip': config.nodeIp,
        'daas.io/embedded-agent': AGENT_VERSION,
      },
    },
  }
}

/**
 * The status of the Node.
 * @param since when its conditions became what they are, ms
 */
export function nodeStatus(config: AgentConfig, now: number, ready: boolean, since: number): object {
  const times = {lastHeartbeatTime: seconds(now), lastTransitionTime: seconds(since)}
  const resources = {
    cpu: String(cpus().length),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: '0',
    'ephemeral-storage': '0',
  }
  return {
    capacity: resources,
    allocatable: resources,
    addresses: [
      {type: 'InternalIP', address: config.nodeIp},
      {type: 'Hostname', address: config.nodeName},
    ],
    conditions: [
      fine('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available', times),
      fine('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure', times),
      fine('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available', times),
      ready
        ? condition(
            'Ready',
            'True',
            'KubeletReady',
            'the embedded agent of daas is up; it runs no containers',
            times,
          )
        : condition('Ready', 'False', 'KubeletNotReady', 'the embedded agent of daas is starting', times),
    ],
    daemonEndpoints: {kubeletEndpoint: {Port: 10250}},
    nodeInfo: {
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: release(),
      osImage: 'daas embedded agent',
      containerRuntimeVersion: 'none://0.0.0',
      kubeletVersion: AGENT_VERSION,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: goArch(),
    },
  }
}

/** The Lease of a node, owned by its Node so that it goes with it. */
export function leaseObject(nodeName: string, nodeUid: string, now: number): object {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: nodeName,
      namespace: 'kube-node-lease',
      ownerReferences: [{apiVersion: 'v1', kind: 'Node', name: nodeName, uid: nodeUid}],
    },
    spec: leaseSpec(nodeName, now),
  }
}

/** What a renewal writes; the time has microseconds. */
export function leaseSpec(nodeName: string, now: number): object {
  return {
    holderIdentity: nodeName,
    leaseDurationSeconds: 40,
    renewTime: new Date(now).toISOString().replace('Z', '000Z'),
  }
}

function fine(type: string, reason: string, message: string, times: object): object {
  return condition(type, 'False', reason, message, times)
}

function condition(type: string, status: string, reason: string, message: string, times: object): object {
  return {type, status, reason, message, ...times}
}

function goArch(): string {
  return arch() === 'x64' ? 'amd64' : arch()
}
