/** What the command line of `k3s agent` is rendered from; nothing in it is secret. */
export interface AgentArgs {
  serverUrl: string
  /** Path of the 0600 file with the join token. */
  tokenFile: string
  nodeName: string
  dataDir: string
  labels: Record<string, string>
  /** `key=value:Effect`. */
  taints: readonly string[]
  nodeIp?: string | undefined
  rootless?: boolean | undefined
  /** The user's own, appended: k3s lets the later one win. */
  extraArgs?: readonly string[] | undefined
}

/** Renders the arguments of `k3s agent`. The token is only ever named by its file. */
export function renderAgentArgs(args: AgentArgs): string[] {
  return [
    'agent',
    ...['--server', args.serverUrl],
    ...['--token-file', args.tokenFile],
    ...['--node-name', args.nodeName],
    ...['--data-dir', args.dataDir],
    ...Object.entries(args.labels).flatMap(([key, value]) => ['--node-label', `${key}=${value}`]),
    ...args.taints.flatMap((taint) => ['--node-taint', taint]),
    ...(args.nodeIp ? ['--node-ip', args.nodeIp] : []),
    ...(args.rootless ? ['--rootless'] : []),
    ...(args.extraArgs ?? []),
  ]
}

/**
 * What a child may see of the environment. A list of what is let through, not of what is kept back: the agent
 * publishes every `K3S_*` variable in an annotation of its node, and a key may stand in any other.
 */
const ALLOWED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'TZ',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'XDG_CACHE_HOME',
  'DBUS_SESSION_BUS_ADDRESS',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'INVOCATION_ID',
])

/**
 * The child's environment: the allow-list, plus the names in `pass`, plus `NOTIFY_SOCKET`, without which the agent
 * never says that it is up.
 */
export function agentEnvironment(
  env: Record<string, string | undefined>,
  notifySocket: string,
  pass: readonly string[] = [],
): Record<string, string> {
  const names = Object.keys(env).filter(
    (name) => ALLOWED.has(name) || name.startsWith('LC_') || pass.includes(name),
  )
  const picked = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  return {...Object.fromEntries(picked), NOTIFY_SOCKET: notifySocket}
}

/** What a program sees that is only asked something: no key of ours, which may stand in the environment. */
export function probeEnvironment(env: Record<string, string | undefined>): Record<string, string> {
  const {PATH = '', HOME} = env
  return {PATH, ...(HOME !== undefined && {HOME})}
}
