import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** J: k3s, the agent on this machine and the join. */
export const k3sErrors = {
  JOIN_TOKEN_INVALID: {
    code: 'DAAS-J101',
    exit: ExitCode.identity,
    message: 'the join token is malformed: {reason}',
    suggestions: ['make a fresh one with: daas seal --renew'],
  },
  CA_HASH_MISMATCH: {
    code: 'DAAS-J102',
    exit: ExitCode.cluster,
    message: 'the server {url} shows a CA with hash {actual}, the cluster on chain names {expected}',
    suggestions: [
      'do not join: something else may be answering at {url}',
      'if the operator has replaced the CA, the listener has to announce the new hash first',
    ],
  },
  JOIN_TOKEN_REFUSED: {
    code: 'DAAS-J103',
    exit: ExitCode.identity,
    message: 'the server {url} does not take the seal token (HTTP {status})',
    suggestions: ['the token is spent, expired or revoked: make a fresh one with: daas seal --renew'],
  },
  K3S_SERVER_UNREACHABLE: {
    code: 'DAAS-J104',
    exit: ExitCode.unavailable,
    message: 'the k3s server {url} does not answer: {reason}',
    suggestions: ['check the way to {url} (TCP, usually port 6443) from this machine, then run it again'],
  },
  K3S_SERVER_NOT_READY: {
    code: 'DAAS-J105',
    exit: ExitCode.unavailable,
    message: 'the k3s server {url} is not ready (HTTP {status})',
    suggestions: ['wait until the server is up, then run it again'],
  },
  K3S_MISSING: {
    code: 'DAAS-J106',
    exit: ExitCode.degraded,
    message: 'no k3s on this machine: looked at {places}',
    suggestions: [
      'give its path with --k3s-bin',
      'install k3s {version} (https://k3s.io) and put it on PATH',
    ],
  },
  K3S_CHECKSUM_MISMATCH: {
    code: 'DAAS-J107',
    exit: ExitCode.degraded,
    message: 'the sha256 of {file} is {actual}, not {expected}',
    suggestions: ['run it again; if it stays so, the source of the download is not to be trusted'],
  },
  K3S_DOWNLOAD_FAILED: {
    code: 'DAAS-J108',
    exit: ExitCode.unavailable,
    message: 'k3s could not be fetched from {url}: {reason}',
    suggestions: ['fetch it by hand and give its path with --k3s-bin', 'name a mirror with --k3s-mirror'],
  },
  K3S_ARCH_UNSUPPORTED: {
    code: 'DAAS-J109',
    exit: ExitCode.degraded,
    message: 'there is no k3s for {platform} on {arch}',
    suggestions: ['join from a Linux machine with an amd64, arm64 or armv7 processor'],
  },
  PREFLIGHT_FAILED: {
    code: 'DAAS-J110',
    exit: ExitCode.degraded,
    message: 'this machine is not ready to join: {checks}',
    suggestions: ['{remedy}', 'to go on all the same: --ignore-preflight {names}'],
  },
  AGENT_DIED: {
    code: 'DAAS-J111',
    exit: ExitCode.cluster,
    message: 'the k3s agent of {node} ended before the node was ready ({how}): {cause}',
    suggestions: ['read its log: {log}'],
  },
  AGENT_TIMEOUT: {
    code: 'DAAS-J112',
    exit: ExitCode.timeout,
    message: 'node {node} is not ready after {seconds} s; the last the agent said: {cause}',
    suggestions: [
      'run it again with a longer --timeout: the join goes on where it stands',
      'read its log: {log}',
    ],
  },
  AGENT_STUCK: {
    code: 'DAAS-J113',
    exit: ExitCode.cluster,
    message: 'the k3s agent of {node} cannot join and would try for ever: {cause}',
    suggestions: ['{remedy}'],
  },
  LISTENER_REFUSED: {
    code: 'DAAS-J114',
    exit: ExitCode.cluster,
    message: 'the listener refused {what}: {message} ({code})',
    suggestions: ['{suggestion}'],
  },
  LISTENER_UNREACHABLE: {
    code: 'DAAS-J115',
    exit: ExitCode.unavailable,
    message: 'no listener of the cluster answers: {reason}',
    suggestions: ['check that the listener runs and can be reached from here, then run it again'],
  },
  NODE_EVICTED: {
    code: 'DAAS-J116',
    exit: ExitCode.cluster,
    message: 'node {node} has been evicted: {reason}',
    suggestions: ['see what became of the stake with: daas status'],
  },
  NODE_STATE_INVALID: {
    code: 'DAAS-J117',
    exit: ExitCode.usage,
    message: 'the state file {file} is not readable',
    suggestions: ['remove {file}: what it says stands on chain and at the listener too'],
  },
  NODE_BUSY: {
    code: 'DAAS-J118',
    exit: ExitCode.cluster,
    message: 'another daas join (pid {pid}) is bringing node {node} in',
    suggestions: ['wait for it, or end it and run this again'],
  },
  JOIN_PHASE_NEEDS: {
    code: 'DAAS-J119',
    exit: ExitCode.usage,
    message: 'the phase {phase} needs what {needs} finds out, and this node has not been through that',
    suggestions: ['run it without --skip-phase {needs}'],
  },
  AGENT_ARGUMENT_RESERVED: {
    code: 'DAAS-J120',
    exit: ExitCode.usage,
    message: '{flag} belongs to daas and is not passed on to the agent',
    suggestions: ['{remedy}'],
  },
  LEAVE_TIMEOUT: {
    code: 'DAAS-J121',
    exit: ExitCode.timeout,
    message: 'the listener has not let node {node} go after {seconds} s',
    suggestions: ['run it again: the listener goes on by itself', 'to leave without it: --force'],
  },
  PURGE_REFUSED: {
    code: 'DAAS-J122',
    exit: ExitCode.usage,
    message: '{dir} is not removed: {reason}',
    suggestions: ['look at it, and remove it by hand'],
  },
  SYSTEMD_MISSING: {
    code: 'DAAS-J123',
    exit: ExitCode.degraded,
    message: 'units cannot be installed here: {reason}',
    suggestions: ['run it as root on a machine with systemd, or print the unit with --systemd --print'],
  },
  DETACHED_FAILED: {
    code: 'DAAS-J124',
    exit: ExitCode.cluster,
    message: 'the join in the background ended before node {node} was Ready: {reason}',
    suggestions: ['read its log: {log}'],
  },
  LEAVE_BLOCKED: {
    code: 'DAAS-J125',
    exit: ExitCode.cluster,
    message: 'node {node} stays in the cluster and takes work as before: {reason}',
    suggestions: ['{remedy}'],
  },
  TOKEN_IDS_TAKEN: {
    code: 'DAAS-J126',
    exit: ExitCode.cluster,
    message: 'the ids of {count} seal tokens in a row belong to other tokens of the cluster, of late {id}',
    suggestions: [
      'ask the operator who writes bootstrap tokens (Secrets bootstrap-token-… in kube-system): by chance this does not happen',
    ],
  },
} as const satisfies Record<string, ErrorDescriptor>
