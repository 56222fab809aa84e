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
} as const satisfies Record<string, ErrorDescriptor>
