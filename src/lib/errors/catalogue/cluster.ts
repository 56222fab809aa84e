import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** C: what the administrator of a cluster does. */
export const clusterErrors = {
  ADDRESS_INVALID: {
    code: 'DAAS-C101',
    exit: ExitCode.usage,
    message: '{address} is no Sui address',
    suggestions: ['write it as 0x and up to 64 hex digits'],
  },
  EXPIRY_INVALID: {
    code: 'DAAS-C102',
    exit: ExitCode.usage,
    message: '{expires} is neither a time to live nor a date in the future',
    suggestions: ['write it as 30m, 8h, 30d or 2030-01-31T12:00:00Z'],
  },
  PERMISSION_INVALID: {
    code: 'DAAS-C103',
    exit: ExitCode.usage,
    message: '{permission} is no permission',
    suggestions: ['write it as verb:resource, for example get:pods, *:apps/deployments or *:*'],
  },
  NAMESPACE_INVALID: {
    code: 'DAAS-C104',
    exit: ExitCode.usage,
    message: '{namespace} is no namespace',
    suggestions: ['give a DNS label such as dev, or * for all of them and for what has none'],
  },
  GRANT_MISSING: {
    code: 'DAAS-C105',
    exit: ExitCode.chain,
    message: '{address} has no grant in cluster {cluster}',
    suggestions: ['daas cluster grant {address} --permission get:pods --namespace dev --expires 30d'],
  },
  GRANT_NOT_LIVE: {
    code: 'DAAS-C106',
    exit: ExitCode.chain,
    message: 'the grants of {address} in cluster {cluster} are revoked or over',
    suggestions: ["ask the cluster's administrator for a new one"],
  },
  SETTING_MISSING: {
    code: 'DAAS-C107',
    exit: ExitCode.usage,
    message: 'there is nothing to set',
    suggestions: ['name at least one setting: daas cluster set --slash-bps 500'],
  },
  VERB_MINIMUM_INVALID: {
    code: 'DAAS-C108',
    exit: ExitCode.usage,
    message: '{text} is no minimum of a verb',
    suggestions: ['write it as verb=amount, for example delete=5sui, or delete=0 to take it back'],
  },
} as const satisfies Record<string, ErrorDescriptor>
