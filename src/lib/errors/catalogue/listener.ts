import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** L: listener. */
export const listenerErrors = {
  LISTENER_KEYS_EXPOSED: {
    code: 'DAAS-L101',
    exit: ExitCode.identity,
    message: 'others can read the listener keys in {file}',
    suggestions: ['remove {file} and start again: the listener makes and announces new keys'],
  },
  LISTENER_KEYS_INVALID: {
    code: 'DAAS-L102',
    exit: ExitCode.identity,
    message: '{file} holds no listener keys',
    suggestions: ['remove {file} and start again: the listener makes and announces new keys'],
  },
  LISTENER_CAP_MISSING: {
    code: 'DAAS-L103',
    exit: ExitCode.identity,
    message: '{address} owns no ListenerCap of cluster {cluster}',
    suggestions: [
      'sign with the key that holds it, or let the administrator make the cluster for it: daas cluster create --listener {address}',
    ],
  },
  LISTENER_PORT_TAKEN: {
    code: 'DAAS-L104',
    exit: ExitCode.usage,
    message: 'the listener cannot listen on {host}:{port}: {reason}',
    suggestions: ['choose another with --port, or 0 for any'],
  },
  REGISTRATION_MALFORMED: {
    code: 'DAAS-L201',
    exit: ExitCode.usage,
    message: 'the registration is not readable: {reason}',
    suggestions: ['check that daas and the listener are of the same version'],
  },
  REGISTRATION_STALE: {
    code: 'DAAS-L202',
    exit: ExitCode.cluster,
    message: 'the registration was signed {seconds} s away from the clock of the listener',
    suggestions: ['set the clock of this machine, for example with chrony or systemd-timesyncd'],
  },
  REGISTRATION_CLUSTER_WRONG: {
    code: 'DAAS-L203',
    exit: ExitCode.usage,
    message: 'the listener serves another cluster than {cluster}',
    suggestions: ['check --cluster'],
  },
  REGISTRATION_TOKEN_MISSING: {
    code: 'DAAS-L301',
    exit: ExitCode.identity,
    message: 'the request carries no seal token',
    suggestions: ['send it as X-Seal-Token: <id>.<secret>'],
  },
  REGISTRATION_TOKEN_WRONG: {
    code: 'DAAS-L302',
    exit: ExitCode.identity,
    message: 'the seal token is not the one of the seal on chain',
    suggestions: ['use the token file of this very seal, or make a new one: daas seal'],
  },
  REGISTRATION_SEAL_UNFIT: {
    code: 'DAAS-L401',
    exit: ExitCode.cluster,
    message: 'the seal {seal} does not admit this node: {reason}',
    suggestions: ['make a seal for the stake of this node: daas seal'],
  },
  REGISTRATION_STAKE_UNFIT: {
    code: 'DAAS-L402',
    exit: ExitCode.cluster,
    message: 'the stake {stake} does not admit this node: {reason}',
    suggestions: ['look at the stake: daas status', 'stake for this node: daas stake'],
  },
  REGISTRATION_EVICTED: {
    code: 'DAAS-L403',
    exit: ExitCode.cluster,
    message: 'the node of stake {stake} was evicted: {reason}',
    suggestions: ['a stake whose node was evicted does not come back: stake anew, for another name'],
  },
  REGISTRATION_NAME_TAKEN: {
    code: 'DAAS-L404',
    exit: ExitCode.cluster,
    message: 'the node name {name} belongs to another node',
    suggestions: ['stake for another name: daas stake --node NAME'],
  },
  REGISTRATION_REPLAYED: {
    code: 'DAAS-L405',
    exit: ExitCode.cluster,
    message: 'this registration has been used before',
    suggestions: ['register again: each registration has a nonce of its own'],
  },
  REGISTRATION_SEAL_EXPIRED: {
    code: 'DAAS-L406',
    exit: ExitCode.cluster,
    message: 'the seal {seal} expired at {expiredAt}',
    suggestions: ['rotate it: daas seal --renew'],
  },
  REGISTRATION_CLUSTER_PAUSED: {
    code: 'DAAS-L407',
    exit: ExitCode.unavailable,
    message: 'the cluster {cluster} is paused by its administrator',
    suggestions: ['try again later'],
  },
  REGISTRATION_TOO_OFTEN: {
    code: 'DAAS-L408',
    exit: ExitCode.unavailable,
    message: 'too many requests from this address',
    suggestions: ['try again in {seconds} s'],
  },
  WORKER_UNKNOWN: {
    code: 'DAAS-L409',
    exit: ExitCode.cluster,
    message: 'no node {name} is registered',
    suggestions: ['register it: daas join'],
  },
  LISTENER_BUSY: {
    code: 'DAAS-L410',
    exit: ExitCode.unavailable,
    message: 'the listener cannot answer now: {reason}',
    suggestions: ['try again in a few seconds'],
  },
  UPLOAD_REFUSED: {
    code: 'DAAS-L411',
    exit: ExitCode.cluster,
    message: 'the listener does not take this upload: {reason}',
    suggestions: ['run it again', 'make a new seal token: daas seal'],
  },
  UPLOAD_TOO_LARGE: {
    code: 'DAAS-L412',
    exit: ExitCode.usage,
    message: 'an upload is known by its content-length and holds at most {limit} bytes',
    suggestions: ['send it in smaller pieces'],
  },
  CANCEL_REFUSED: {
    code: 'DAAS-L414',
    exit: ExitCode.cluster,
    message: 'the listener does not cancel this request: {reason}',
    suggestions: ['cancel it by the seal that asked for it', 'make a new seal token: daas seal'],
  },
  BLOBS_FULL: {
    code: 'DAAS-L413',
    exit: ExitCode.unavailable,
    message: 'the listener has no room for what is too large for the chain',
    suggestions: ['try again in two minutes', 'ask for less: --chunk-size, a selector'],
  },
} as const satisfies Record<string, ErrorDescriptor>
