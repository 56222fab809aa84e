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
