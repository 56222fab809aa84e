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
  UPGRADE_CAP_MISSING: {
    code: 'DAAS-C109',
    exit: ExitCode.identity,
    message: '{address} holds no UpgradeCap of package {package}',
    suggestions: ['sign with the key that published it (--key-file)'],
  },
  BUILD_UNREADABLE: {
    code: 'DAAS-C110',
    exit: ExitCode.usage,
    message: '{dir} holds no compiled package: {reason}',
    suggestions: ['name a folder as npm run move:build makes it: manifest.json and daas/*.mv'],
  },
  TIER_INVALID: {
    code: 'DAAS-C111',
    exit: ExitCode.usage,
    message: '{text} is no tier',
    suggestions: ['write it as amount=permissions, for example 5sui=*:nodes,*:pods'],
  },
  ENDPOINT_INVALID: {
    code: 'DAAS-C112',
    exit: ExitCode.usage,
    message: '{text} is no endpoint',
    suggestions: ['write it as amount=URLs, for example 10sui=https://a.example:8443,https://b.example:8443'],
  },
  DURATION_INVALID: {
    code: 'DAAS-C113',
    exit: ExitCode.usage,
    message: '{text} is no length of time',
    suggestions: ['write it as 90s, 10m, 8h or 30d'],
  },
  KIND_INVALID: {
    code: 'DAAS-C114',
    exit: ExitCode.usage,
    message: '{text} is for no kind of stake',
    suggestions: ['give one value for all kinds, or node=, user=, admin= before it'],
  },
  PRIORITIES_INVALID: {
    code: 'DAAS-C115',
    exit: ExitCode.usage,
    message: '{text} is no list of four times',
    suggestions: ['give one for each priority, 0 to 3: 60s,2m,5m,10m'],
  },
  OBJECT_ID_INVALID: {
    code: 'DAAS-C116',
    exit: ExitCode.usage,
    message: '{text} is no object id',
    suggestions: ['write it as 0x and up to 64 hex digits'],
  },
  CLUSTER_UNNAMED: {
    code: 'DAAS-C117',
    exit: ExitCode.usage,
    message: 'no cluster is called {name}',
    suggestions: ['see daas cluster list', 'give one that name: daas cluster use {name} 0x…'],
  },
  CLUSTER_NAME_INVALID: {
    code: 'DAAS-C118',
    exit: ExitCode.usage,
    message: '{name} is no name for a cluster',
    suggestions: ['use 1 to 63 lower-case letters, digits, dots and dashes'],
  },
  ENDPOINT_MISSING: {
    code: 'DAAS-C119',
    exit: ExitCode.usage,
    message: 'no endpoint is named',
    suggestions: ['give --endpoint 10sui=https://…, or --none to have the common one for all'],
  },
  SEAL_UNNAMED: {
    code: 'DAAS-C120',
    exit: ExitCode.usage,
    message: 'no seal is named',
    suggestions: ['name seals by their ids, or all that are older than a time with --before'],
  },
  DATE_INVALID: {
    code: 'DAAS-C121',
    exit: ExitCode.usage,
    message: '{text} is no date',
    suggestions: ['write it as 2030-01-31T12:00:00Z'],
  },
} as const satisfies Record<string, ErrorDescriptor>
