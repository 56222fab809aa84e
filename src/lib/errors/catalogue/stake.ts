import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** W: stakes and seals of a wallet. */
export const stakeErrors = {
  STAKE_BELOW_MINIMUM: {
    code: 'DAAS-W101',
    exit: ExitCode.chain,
    message: '{amount} is below the minimum stake of the cluster, {minimum}',
    suggestions: ['stake {minimum} or more'],
  },
  STAKE_MISSING: {
    code: 'DAAS-W102',
    exit: ExitCode.identity,
    message: '{address} has no stake for {subject} in this cluster',
    suggestions: ['stake first: daas stake {flags} --amount 1sui'],
  },
  SEAL_MISSING: {
    code: 'DAAS-W103',
    exit: ExitCode.identity,
    message: '{address} has no live seal for {subject} in this cluster',
    suggestions: ['seal the stake: daas seal {flags}'],
  },
  SEAL_TOKEN_LOST: {
    code: 'DAAS-W104',
    exit: ExitCode.identity,
    message: 'the token of seal {seal} is not on this machine',
    suggestions: ['make a new one: daas seal {flags} --renew'],
  },
  SEAL_EXPIRED: {
    code: 'DAAS-W105',
    exit: ExitCode.identity,
    message: 'seal {seal} expired at {expiredAt}',
    suggestions: ['make a new one: daas seal {flags} --renew'],
  },
  SEAL_OF_ANOTHER: {
    code: 'DAAS-W106',
    exit: ExitCode.identity,
    message: 'seal {seal} belongs to {owner}, not to {address}',
    suggestions: ['sign with the key of {owner}', 'make a seal of your own: daas seal'],
  },
  CAP_MISSING: {
    code: 'DAAS-W107',
    exit: ExitCode.identity,
    message: '{address} holds no {cap} of cluster {cluster}',
    suggestions: ['sign with the key that holds it (--key-file)'],
  },
  STAKE_LOCKED: {
    code: 'DAAS-W108',
    exit: ExitCode.chain,
    message: 'the stake is locked until {until}',
    suggestions: ['run it again after {until}'],
  },
  STAKING_PAUSED: {
    code: 'DAAS-W109',
    exit: ExitCode.chain,
    message: 'cluster {cluster} is paused by its administrator',
    suggestions: ['try again later; staked SUI can be withdrawn all the while'],
  },
  NODE_UNKNOWN: {
    code: 'DAAS-W111',
    exit: ExitCode.cluster,
    message: 'cluster {cluster} has no node {node}',
    suggestions: ['check the name; a node is known once it has joined'],
  },
  NODE_STOPPED: {
    code: 'DAAS-W112',
    exit: ExitCode.chain,
    message: 'node {node} was stopped: {reason}{transaction}',
    suggestions: ['withdraw what is left: daas unstake --node {node}'],
  },
  AGENT_ENDED: {
    code: 'DAAS-W113',
    exit: ExitCode.cluster,
    message: 'the agent of node {node} ended by itself with code {code}',
    suggestions: ['see its log in the data directory', 'run daas join --node {node} again'],
  },
  NODE_NAME_BOUND: {
    code: 'DAAS-W114',
    exit: ExitCode.chain,
    message: 'the name {node} is bound to stake {stake} of {owner}: a stake for it could never join',
    suggestions: [
      'choose another name with --node',
      'or have the administrator of the cluster free it: daas cluster release-name {node}',
    ],
  },
} as const satisfies Record<string, ErrorDescriptor>
