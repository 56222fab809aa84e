import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** T: seal tokens, envelopes and signatures. */
export const sealErrors = {
  SEAL_TOKEN_INVALID: {
    code: 'DAAS-T101',
    exit: ExitCode.identity,
    message: '{where} holds no seal token (six letters or digits, a dot, sixteen letters or digits)',
    suggestions: ['make a new one: daas seal'],
  },
  SEAL_TOKEN_FILE_MISSING: {
    code: 'DAAS-T102',
    exit: ExitCode.identity,
    message: 'there is no seal token file {file}',
    suggestions: ['make one: daas seal'],
  },
  SEAL_TOKEN_FILE_EXPOSED: {
    code: 'DAAS-T103',
    exit: ExitCode.identity,
    message: 'others can read the seal token in {file}',
    suggestions: ['chmod 600 {file}, and rotate the seal if someone else may have read it: daas seal'],
  },
  ENVELOPE_INVALID: {
    code: 'DAAS-T104',
    exit: ExitCode.cluster,
    message: '{what} does not open: it was sealed for another key, request or cluster, or changed on its way',
    suggestions: ['run it again: the listener may have a new key'],
  },
  REGISTRATION_SIGNATURE_INVALID: {
    code: 'DAAS-T105',
    exit: ExitCode.identity,
    message: 'the registration is not signed by {address}',
    suggestions: ['sign with the key that owns the seal'],
  },
  TLS_PIN_MISMATCH: {
    code: 'DAAS-T106',
    exit: ExitCode.cluster,
    message: '{server} is not the listener that the cluster announces on chain: its TLS key has another pin',
    suggestions: ['try again in a minute if the listener has just changed its key', 'check --cluster'],
  },
  SESSION_CREDENTIAL_INVALID: {
    code: 'DAAS-T107',
    exit: ExitCode.cluster,
    message: 'the listener of the cluster answered a request for a session with something else',
    suggestions: ['run it again', 'tell the operator of the cluster'],
  },
  SESSION_UNREACHABLE: {
    code: 'DAAS-T108',
    exit: ExitCode.unavailable,
    message: 'no session at the listener of the cluster: {reason}',
    suggestions: [
      'check that this machine reaches the listener: daas status',
      'watches also go through the chain alone: DAAS_VIA=chain',
    ],
  },
  SESSION_BROKEN: {
    code: 'DAAS-T109',
    exit: ExitCode.unavailable,
    message: 'the session broke off before it was answered: {reason}',
    suggestions: ['a write may have been executed: look before running it again'],
  },
  WALRUS_URL_INVALID: {
    code: 'DAAS-T110',
    exit: ExitCode.usage,
    message: '{url} is no URL of a publisher or an aggregator of Walrus: https, or http on loopback',
    suggestions: ['name one such as http://127.0.0.1:31415'],
  },
  WALRUS_FAILED: {
    code: 'DAAS-T111',
    exit: ExitCode.unavailable,
    message: 'Walrus at {url} does not serve: {reason}',
    suggestions: ['try again later', 'look whether the daemon runs'],
  },
} as const satisfies Record<string, ErrorDescriptor>
