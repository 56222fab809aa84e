import {join} from 'node:path'
import {renderTemplate} from './templates.ts'

/** What the configuration file of `k3s agent` is rendered from; nothing in it is secret. */
export interface AgentConfig {
  readonly serverUrl: string
  readonly nodeName: string
  readonly dataDir: string
  readonly labels: Readonly<Record<string, string>>
  /** `key=value:Effect`. */
  readonly taints: readonly string[]
  readonly nodeIp?: string | undefined
  readonly rootless?: boolean | undefined
}

/** The files that an agent is started with, in its data directory. */
export function agentFiles(dataDir: string): {readonly config: string; readonly token: string} {
  return {config: join(dataDir, 'agent.yaml'), token: join(dataDir, 'join-token')}
}

/**
 * Renders the configuration file of `k3s agent`, whose keys are its flags (facts/k3s.md 3). The token is only ever named
 * by its file.
 */
export async function renderAgentConfig(config: AgentConfig): Promise<string> {
  const labels = Object.entries(config.labels).map(([key, value]) => `${key}=${value}`)
  return renderTemplate('k3s-agent.yaml', {
    node: config.nodeName,
    // JSON is YAML too, and quotes whatever has to be quoted.
    server: JSON.stringify(config.serverUrl),
    tokenFile: JSON.stringify(agentFiles(config.dataDir).token),
    nodeName: JSON.stringify(config.nodeName),
    dataDir: JSON.stringify(config.dataDir),
    labels: JSON.stringify(labels),
    taints: JSON.stringify(config.taints),
    nodeIp: config.nodeIp === undefined ? '' : `node-ip: ${JSON.stringify(config.nodeIp)}`,
    rootless: config.rootless === true ? 'rootless: true' : '',
  })
}

/**
 * The arguments of `k3s agent`.
 * @param extraArgs the user's own, which come last
 */
export function agentArgs(dataDir: string, extraArgs: readonly string[] = []): string[] {
  return ['agent', '--config', agentFiles(dataDir).config, ...extraArgs]
}
