import {setTimeout as delay} from 'node:timers/promises'
import {digText} from '../embedded/types.ts'
import {send, type ServerOptions} from './embedded-client.ts'
import {type AgentConfig} from './embedded-flags.ts'
import {refusal} from './embedded-identity.ts'
import {type AgentLog} from './embedded-log.ts'
import {leaseObject, leaseSpec, nodeMarks, nodeObject, nodeStatus} from './embedded-node.ts'

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
const MERGE = 'application/merge-patch+json'
const HEARTBEAT_MS = 10_000
/** How long a kubelet waits before it tries again to register: doubled from the first to the last, ms. */
const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 7_000

/** What the kubelet part of the agent needs. */
export interface KubeletContext {
  readonly config: AgentConfig
  readonly server: ServerOptions
  readonly log: AgentLog
  readonly signal: AbortSignal
  now(): number
}

/**
 * Registers the Node, as a kubelet does at its start and only then: tries until it succeeds.
 * @returns the uid of the Node
 */
export async function registerNode(context: KubeletContext): Promise<string> {
  const {config, log, server, signal, now} = context
  const path = `/api/v1/nodes/${config.nodeName}`
  for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
    log.klog('I', 'kubelet_node_status.go:75', `"Attempting to register node" node="${config.nodeName}"`)
    try {
      const created = await send(server, {
        method: 'POST',
        path: '/api/v1/nodes',
        body: nodeObject(config, now()),
      })
      if (created.status === 201) {
        log.klog('I', 'kubelet_node_status.go:78', `"Successfully registered node" node="${config.nodeName}"`)
        return digText(created.json, 'metadata', 'uid') ?? ''
      }
      if (created.status !== 409) throw refusal('/api/v1/nodes', created)
      const found = await send(server, {method: 'GET', path})
      if (found.status !== 200) throw refusal(path, found)
      log.klog(
        'I',
        'kubelet_node_status.go:124',
        `"Node was previously registered" node="${config.nodeName}"`,
      )
      log.klog('I', 'kubelet_node_status.go:78', `"Successfully registered node" node="${config.nodeName}"`)
      return digText(found.json, 'metadata', 'uid') ?? ''
    } catch (error) {
      signal.throwIfAborted()
      const err = JSON.stringify(error instanceof Error ? error.message : String(error))
      log.klog(
        'E',
        'kubelet_node_status.go:107',
        `"Unable to register node with API server" err=${err} node="${config.nodeName}"`,
      )
    }
    await delay(wait, undefined, {signal})
  }
}

/**
 * Sets the annotations of k3s on the node and marks it ready.
 * @throws Error where the server refuses
 */
export async function markNode(context: KubeletContext): Promise<void> {
  const {config, log, server} = context
  const path = `/api/v1/nodes/${config.nodeName}`
  const marked = await send(server, {method: 'PATCH', path, contentType: MERGE, body: nodeMarks(config)})
  if (marked.status !== 200) throw refusal(path, marked)
  log.logrus('info', `Annotations and labels have been set successfully on node: ${config.nodeName}`)
}

/** Renews the Lease and the status of the node until the signal; failures are logged and tried again. */
export async function keepAlive(context: KubeletContext, nodeUid: string): Promise<void> {
  const {config, log, signal} = context
  const since = context.now()
  while (!signal.aborted) {
    await renewLease(context, nodeUid).catch((error: unknown) => {
      signal.throwIfAborted()
      log.klog('E', 'controller.go:195', `"Failed to update lease" err=${quoted(error)}`)
    })
    await postStatus(context, since).catch((error: unknown) => {
      signal.throwIfAborted()
      const err = `error getting node "${config.nodeName}": ${error instanceof Error ? error.message : String(error)}`
      log.klog(
        'E',
        'kubelet_node_status.go:548',
        `"Error updating node status, will retry" err=${JSON.stringify(err)}`,
      )
    })
    await delay(HEARTBEAT_MS, undefined, {signal})
  }
}

async function renewLease({config, server, now}: KubeletContext, nodeUid: string): Promise<void> {
  const path = `${LEASES}/${config.nodeName}`
  const body = {spec: leaseSpec(config.nodeName, now())}
  const renewed = await send(server, {method: 'PATCH', path, contentType: MERGE, body})
  if (renewed.status === 200) return
  if (renewed.status !== 404) throw refusal(path, renewed)
  const created = await send(server, {
    method: 'POST',
    path: LEASES,
    body: leaseObject(config.nodeName, nodeUid, now()),
  })
  if (created.status !== 201) throw refusal(LEASES, created)
}

async function postStatus({config, server, now}: KubeletContext, since: number): Promise<void> {
  const path = `/api/v1/nodes/${config.nodeName}/status`
  const body = {status: nodeStatus(config, now(), true, since)}
  const posted = await send(server, {method: 'PATCH', path, contentType: MERGE, body})
  if (posted.status !== 200) throw refusal(path, posted)
}

function quoted(error: unknown): string {
  return JSON.stringify(error instanceof Error ? error.message : String(error))
}
