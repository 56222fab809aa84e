import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** K: kube. */
export const kubeErrors = {
  KUBECONFIG_INVALID: {
    code: 'DAAS-K101',
    exit: ExitCode.usage,
    message: '{file} is not usable as a kubeconfig: {reason}',
    suggestions: ['give --kubeconfig FILE and, where it has several, --context NAME'],
  },
  KUBE_UNREACHABLE: {
    code: 'DAAS-K102',
    exit: ExitCode.unavailable,
    message: 'the Kubernetes API {server} does not answer: {cause}',
    suggestions: ['check that the API server runs and that the kubeconfig names it'],
  },
  KUBE_REFUSED: {
    code: 'DAAS-K103',
    exit: ExitCode.cluster,
    message: 'the Kubernetes API refused ({status}): {reason}',
    suggestions: ['check what the user of the kubeconfig may do: templates/listener-rbac.yaml'],
  },
  BOOTSTRAP_TOKEN_TAKEN: {
    code: 'DAAS-K104',
    exit: ExitCode.cluster,
    message: 'another token with the id {id} is in the cluster',
    suggestions: ['draw a new seal token: daas seal --renew'],
  },
  NODE_NOT_READY: {
    code: 'DAAS-K105',
    exit: ExitCode.timeout,
    message: 'node {name} is not Ready after {seconds} s',
    suggestions: ['look at the agent on the node: daas status', 'run it again: it goes on where it stopped'],
  },
  KUBE_ANSWER_TOO_LARGE: {
    code: 'DAAS-K106',
    exit: ExitCode.cluster,
    message: 'the answer of the Kubernetes API is larger than {limit} bytes',
    suggestions: ['ask for less at a time: --chunk-size, selectors'],
  },
  DRAIN_REFUSED: {
    code: 'DAAS-K107',
    exit: ExitCode.cluster,
    message: 'the node cannot be drained: {reason}',
    suggestions: ['{remedy}'],
  },
} as const satisfies Record<string, ErrorDescriptor>
