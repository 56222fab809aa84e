import {readFile} from 'node:fs/promises'
import {resolve} from 'node:path'
import {parseArgs} from 'node:util'
import {parse as parseYaml} from 'yaml'
import {isJsonObject} from '../embedded/types.ts'

/** What `k3s agent` was told, as far as the embedded agent heeds it. */
export interface AgentConfig {
  readonly server: string
  readonly tokenFile: string | undefined
  readonly token: string | undefined
  readonly nodeName: string
  readonly dataDir: string
  readonly nodeIp: string
  readonly labels: Record<string, string>
  readonly taints: readonly {key: string; value?: string; effect: string}[]
}

/** Flags of k3s that are understood; the ones without a use here are taken and left alone. */
const OPTIONS = {
  server: {type: 'string', short: 's'},
  token: {type: 'string', short: 't'},
  'token-file': {type: 'string'},
  'node-name': {type: 'string'},
  'data-dir': {type: 'string', short: 'd'},
  'node-label': {type: 'string', multiple: true},
  'node-taint': {type: 'string', multiple: true},
  'node-ip': {type: 'string', short: 'i'},
  'node-external-ip': {type: 'string'},
  'flannel-iface': {type: 'string'},
  'kubelet-arg': {type: 'string', multiple: true},
  'kube-proxy-arg': {type: 'string', multiple: true},
  'lb-server-port': {type: 'string'},
  config: {type: 'string', short: 'c'},
  rootless: {type: 'boolean'},
  debug: {type: 'boolean'},
} as const

/** The variables of k3s, by flag. */
const VARIABLES: Record<string, string> = {
  server: 'K3S_URL',
  token: 'K3S_TOKEN',
  'token-file': 'K3S_TOKEN_FILE',
  'node-name': 'K3S_NODE_NAME',
  'data-dir': 'K3S_DATA_DIR',
  config: 'K3S_CONFIG_FILE',
}

/**
 * Reads the command line of `k3s agent`, its environment and its configuration file; the command line wins.
 * @param args what follows `agent`
 * @throws Error for an unknown flag, a missing server, or a malformed taint or label
 */
export async function readAgentConfig(
  args: readonly string[],
  env: Record<string, string | undefined>,
  hostname: string,
): Promise<AgentConfig> {
  const {values} = parseArgs({args: [...args], options: OPTIONS, strict: true, allowPositionals: false})
  const flags: Record<string, unknown> = {}
  for (const [flag, variable] of Object.entries(VARIABLES)) if (env[variable]) flags[flag] = env[variable]
  const config = values.config ?? env['K3S_CONFIG_FILE']
  if (config !== undefined) {
    const parsed: unknown = parseYaml(await readFile(config, 'utf8'))
    if (isJsonObject(parsed)) Object.assign(flags, parsed)
  }
  Object.assign(flags, values)

  const text = (flag: string): string | undefined =>
    flags[flag] === undefined ? undefined : String(flags[flag])
  const list = (flag: string): string[] => [flags[flag] ?? []].flat().map(String)
  const server = text('server')
  if (server === undefined) throw new Error('--server is required')
  const token = text('token')
  return {
    server: server.replace(/\/+$/, ''),
    tokenFile: text('token-file'),
    token,
    nodeName: (text('node-name') ?? hostname).toLowerCase(),
    dataDir: resolve(text('data-dir') ?? '/var/lib/rancher/k3s'),
    nodeIp: text('node-ip') ?? '127.0.0.1',
    labels: Object.fromEntries(list('node-label').map(parseLabel)),
    taints: list('node-taint').map(parseTaint),
  }
}

function parseLabel(label: string): [string, string] {
  const [key, value = ''] = label.split('=')
  if (!key) throw new Error(`invalid node label: ${label}`)
  return [key, value]
}

function parseTaint(taint: string): {key: string; value?: string; effect: string} {
  const match = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(taint)
  if (!match) throw new Error(`invalid taint spec: ${taint}`)
  return {key: match[1]!, ...(match[2] ? {value: match[2]} : {}), effect: match[3]!}
}
