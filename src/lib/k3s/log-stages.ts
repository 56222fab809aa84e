/** How far an agent has come, in the order k3s gets there. */
export const AGENT_STAGES = [
  'spawned',
  'starting',
  'connecting',
  'configured',
  'tunnel',
  'kubelet',
  'registered',
  'labelled',
  'running',
] as const

/** One of {@link AGENT_STAGES}. */
export type AgentStage = (typeof AGENT_STAGES)[number]

/** Why an agent does not get on. */
export interface AgentCause {
  readonly code:
    | 'ca-hash-mismatch'
    | 'token-refused'
    | 'node-password-rejected'
    | 'server-unready'
    | 'server-unreachable'
    | 'forbidden'
    | 'registration-refused'
    | 'fatal'
  /** The agent's own words, shortened. */
  readonly message: string
  /** Whether it can only get better if somebody does something. */
  readonly permanent: boolean
  readonly remedy: string
}

/** What a line of the log says, where it says something of interest. */
export interface AgentLogEvent {
  readonly stage?: AgentStage
  readonly cause?: AgentCause
}

const STAGES: readonly (readonly [RegExp, AgentStage])[] = [
  [/^Starting k3s agent /, 'starting'],
  [/^Running load balancer k3s-agent-load-balancer/, 'connecting'],
  [/^Getting list of apiserver endpoints from server/, 'configured'],
  [/^Remotedialer connected to proxy/, 'tunnel'],
  [/^Running kubelet /, 'kubelet'],
  [/^"?Successfully registered node/, 'registered'],
  [/^Annotations and labels have been set successfully on node/, 'labelled'],
  [/^k3s agent is up and running/, 'running'],
]

/** The kubelet's words for an admission policy that refuses its Node: it then looks for one, and finds none. */
const REGISTRATION_REFUSED =
  /Unable to register node with API server.*(ValidatingAdmissionPolicy|existing node.*not found)/

const CAUSES: readonly (readonly [RegExp, Omit<AgentCause, 'message'>])[] = [
  [
    /token CA hash does not match/,
    {
      code: 'ca-hash-mismatch',
      permanent: true,
      remedy: 'do not join: the server is not the one the chain names',
    },
  ],
  [
    /Node password rejected|duplicate hostname|node password/i,
    {
      code: 'node-password-rejected',
      permanent: true,
      remedy:
        'this machine has joined under that name before: have the old node deleted, or choose another name',
    },
  ],
  [
    REGISTRATION_REFUSED,
    {
      code: 'registration-refused',
      permanent: true,
      remedy: 'the cluster does not take a node of this name (any more): see its stake with: daas status',
    },
  ],
  [
    /\b401\b|Unauthorized/,
    {code: 'token-refused', permanent: true, remedy: 'make a fresh token with: daas seal --renew'},
  ],
  [
    /\b403\b|Forbidden|forbidden/,
    {
      code: 'forbidden',
      permanent: true,
      remedy: 'ask the operator whether this node is still allowed to join',
    },
  ],
  [
    /\b(503|429)\b|Service Unavailable|Too Many Requests/,
    {code: 'server-unready', permanent: false, remedy: 'wait'},
  ],
  [
    /connection refused|no such host|i\/o timeout|network is unreachable|EOF/,
    {
      code: 'server-unreachable',
      permanent: false,
      remedy: 'check the way to the server (TCP, usually port 6443)',
    },
  ],
]

const LOGRUS = /^time="[^"]*" level=(\w+) msg=(?:"((?:[^"\\]|\\.)*)"|(\S+))/
const KLOG = /^([IWEF])\d{4} [\d:.]+\s+\d+ \S+\] (.*)$/
const MAX_MESSAGE = 300

/**
 * Reads one line of the log of `k3s agent`: logrus text (`time="…" level=… msg="…"`) or klog (`I0521 …] …`).
 * @returns undefined where the line marks neither a stage nor a reason for being stuck
 */
export function readAgentLogLine(line: string): AgentLogEvent | undefined {
  const {level, message} = parseLine(line)
  const stage = STAGES.find(([pattern]) => pattern.test(message))?.[1]
  if (stage) return {stage}
  const waiting = /^(Waiting to retrieve|Failed to validate connection|Failed to retrieve)/.test(message)
  if (!waiting && level === 'info') return undefined
  const shortened = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message
  const known = CAUSES.find(([pattern]) => pattern.test(message))?.[1]
  if (waiting || (known && (level === 'fatal' || known.code === 'registration-refused'))) {
    const cause = known ?? {code: 'server-unready' as const, permanent: false, remedy: 'wait'}
    return {cause: {...cause, message: shortened}}
  }
  if (level === 'fatal') {
    return {cause: {code: 'fatal', permanent: true, remedy: "read the agent's log", message: shortened}}
  }
  return undefined
}

/** Whether `next` is further than `current`: log lines may come again after a reconnect. */
export function isLaterStage(next: AgentStage, current: AgentStage): boolean {
  return AGENT_STAGES.indexOf(next) > AGENT_STAGES.indexOf(current)
}

function parseLine(line: string): {level: string; message: string} {
  const logrus = LOGRUS.exec(line)
  if (logrus) {
    const message = (logrus[2] ?? logrus[3] ?? '').replaceAll(/\\(["\\])/g, '$1')
    return {level: logrus[1] ?? 'info', message}
  }
  const klog = KLOG.exec(line)
  if (klog)
    return {level: klog[1] === 'F' ? 'fatal' : klog[1] === 'E' ? 'error' : 'info', message: klog[2] ?? ''}
  return {level: 'info', message: line}
}
