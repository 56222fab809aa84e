import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** G: gateway. */
export const gatewayErrors = {
  API_PATH_INVALID: {
    code: 'DAAS-G101',
    exit: ExitCode.usage,
    message: '{url} is no path of a Kubernetes API: {reason}',
    suggestions: ['ask for a path such as /api/v1/namespaces/default/pods'],
  },
  KUBECTL_MISSING: {
    code: 'DAAS-G102',
    exit: ExitCode.unavailable,
    message: 'kubectl is not to be found on PATH',
    suggestions: ['install kubectl (https://kubernetes.io/docs/tasks/tools/) and run it again'],
  },
  BLOB_REFUSED: {
    code: 'DAAS-G103',
    exit: ExitCode.cluster,
    message: 'the answer at {url} is not usable: {reason}',
    suggestions: [
      'run it again',
      'tell the operator of the cluster: its listener serves what the chain did not promise',
    ],
  },
  ANSWER_UNREADABLE: {
    code: 'DAAS-G104',
    exit: ExitCode.cluster,
    message: 'the answer to request {requestId} could not be opened: {reason}',
    suggestions: ['run it again', 'tell the operator of the cluster'],
  },
  GATEWAY_TIMEOUT: {
    code: 'DAAS-G105',
    exit: ExitCode.timeout,
    message: 'the listener of the cluster did not answer within {seconds} s',
    suggestions: [
      'check that the listener runs: daas status',
      'a write may still be executed: look before running it again',
    ],
  },
  GATEWAY_CLOSED: {
    code: 'DAAS-G106',
    exit: ExitCode.unavailable,
    message: 'the gateway is closed',
    suggestions: ['run it again'],
  },
  REQUEST_TOO_LARGE: {
    code: 'DAAS-G107',
    exit: ExitCode.usage,
    message: 'the sealed request takes {bytes} bytes, the cluster allows {limit}',
    suggestions: ['send it in smaller pieces'],
  },
  CLUSTER_PAUSED: {
    code: 'DAAS-G108',
    exit: ExitCode.cluster,
    message: 'the cluster {name} is paused by its operator',
    suggestions: ['try again later', 'ask the operator of the cluster'],
  },
  LISTENER_UNANNOUNCED: {
    code: 'DAAS-G109',
    exit: ExitCode.unavailable,
    message: 'no listener has announced itself for the cluster {name}',
    suggestions: ['the operator of the cluster starts one with: daas listen'],
  },
  SEAL_WITHOUT_PERMISSION: {
    code: 'DAAS-G110',
    exit: ExitCode.identity,
    message: '{sentence}: the seal token does not hold {permission}',
    suggestions: [
      'a larger stake gives more permissions: daas stake, then daas seal',
      'without a stake, the administrator of the cluster grants more: daas cluster grant',
    ],
  },
  SEAL_EXPIRED_FOR_REQUEST: {
    code: 'DAAS-G111',
    exit: ExitCode.identity,
    message: 'the seal token {seal} expired at {expiredAt}',
    suggestions: ['make a new one: daas seal'],
  },
  STREAM_NOT_CARRIED: {
    code: 'DAAS-G112',
    exit: ExitCode.cluster,
    message: '{what} is a stream, and streams do not fit into transactions',
    suggestions: [
      'let streams go by sessions: DAAS_VIA=auto',
      'ask for what is there now, for example kubectl logs without -f',
    ],
  },
  IMPERSONATION_REFUSED: {
    code: 'DAAS-G113',
    exit: ExitCode.cluster,
    message: 'the listener acts as the owner of the seal token and as nobody else: --as is not carried',
    suggestions: ['run it again without --as'],
  },
  GATEWAY_TOKEN_WRONG: {
    code: 'DAAS-G114',
    exit: ExitCode.identity,
    message: 'the bearer token is missing or not that of this gateway',
    suggestions: ['use the kubeconfig that was written for this gateway'],
  },
  WATCH_LIST_NOT_CARRIED: {
    code: 'DAAS-G115',
    exit: ExitCode.cluster,
    message: 'sendInitialEvents is forbidden for watch: list first, then watch',
    suggestions: ['list first, then watch from its resourceVersion'],
  },
  EVENTS_UNAVAILABLE: {
    code: 'DAAS-G116',
    exit: ExitCode.unavailable,
    message: 'the event stream of the chain did not begin within {seconds} s',
    suggestions: ['run it again', 'try another node with --rpc-url (SubscribeEvents is needed)'],
  },
  GATEWAY_PORT_TAKEN: {
    code: 'DAAS-G120',
    exit: ExitCode.unavailable,
    message: 'port {port} of the loopback is taken',
    suggestions: ['give another --port, or 0 for any'],
  },
  GATEWAY_NOT_RUNNING: {
    code: 'DAAS-G121',
    exit: ExitCode.unavailable,
    message: 'no gateway runs here{whose}',
    suggestions: ['start one and leave it running: daas gateway'],
  },
  GATEWAY_AMBIGUOUS: {
    code: 'DAAS-G122',
    exit: ExitCode.usage,
    message: 'several gateways run here: {which}',
    suggestions: ['say which with --cluster and --address', 'all of them: daas kubeconfig --all'],
  },
  GATEWAY_RUNS_ALREADY: {
    code: 'DAAS-G123',
    exit: ExitCode.usage,
    message: 'a gateway for this cluster and address runs already (process {pid}, {url})',
    suggestions: ['use it: daas kubeconfig --merge', 'end it first'],
  },
  KUBECONFIG_LOCKED: {
    code: 'DAAS-G124',
    exit: ExitCode.unavailable,
    message: 'another program is writing {file}: {lock} is there',
    suggestions: ['run it again', 'remove {lock} where nothing writes'],
  },
  GATEWAY_FILE_FOREIGN: {
    code: 'DAAS-G125',
    exit: ExitCode.identity,
    message: '{file} is not this user’s alone: {reason}',
    suggestions: [
      'run it as the user who started the gateway',
      'where it is yours: chmod 600 {file}, then restart the gateway, for its token may be known',
    ],
  },
  SERVE_SPEC_INVALID: {
    code: 'DAAS-G126',
    exit: ExitCode.usage,
    message: '--serve {spec} names nobody to serve',
    suggestions: ['write it as --serve cluster=0x…,key-file=… with any of {keys}'],
  },
  SERVED_TWICE: {
    code: 'DAAS-G127',
    exit: ExitCode.usage,
    message: 'address {address} of cluster {cluster} is to be served twice',
    suggestions: ['name each pair of address and cluster once'],
  },
  VIA_UNKNOWN: {
    code: 'DAAS-G130',
    exit: ExitCode.usage,
    message: '{via} is no way to the cluster; there are {vias}',
    suggestions: ['leave DAAS_VIA away: auto is right for nearly all'],
  },
} as const satisfies Record<string, ErrorDescriptor>
