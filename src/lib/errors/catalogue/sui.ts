import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** S: the chain, its nodes and keys. */
export const suiErrors = {
  RPC_UNREACHABLE: {
    code: 'DAAS-S101',
    exit: ExitCode.unavailable,
    message: '{url} does not answer: {cause}',
    suggestions: ['check the URL with --rpc-url or DAAS_RPC_URL', 'start a local chain: daas devnet'],
  },
  RPC_FAILED: {
    code: 'DAAS-S102',
    exit: ExitCode.unavailable,
    message: '{url} answered {status}: {reason}',
    suggestions: ['run it again', 'try another node with --rpc-url'],
  },
  KEY_MISSING: {
    code: 'DAAS-S103',
    exit: ExitCode.identity,
    message: 'no key to sign with: {reason}',
    suggestions: ['give --key-file FILE, or set up the Sui keystore with: sui client new-address ed25519'],
  },
  KEY_INVALID: {
    code: 'DAAS-S104',
    exit: ExitCode.identity,
    message: 'the key in {file} is not usable: {reason}',
    suggestions: ['the file holds one suiprivkey1… line, or one base64 line of flag and 32 bytes'],
  },
  KEY_FILE_EXPOSED: {
    code: 'DAAS-S105',
    exit: ExitCode.identity,
    message: 'others can read {file}',
    suggestions: ['chmod 600 {file}'],
  },
  BALANCE_TOO_LOW: {
    code: 'DAAS-S106',
    exit: ExitCode.chain,
    message: '{address} has {balance} MIST and needs {needed}',
    suggestions: ['send SUI to {address}', 'choose a smaller amount'],
  },
  SIMULATION_FAILED: {
    code: 'DAAS-S107',
    exit: ExitCode.chain,
    message: 'the chain would refuse the transaction: {reason}',
    suggestions: ['see docs/errors.md'],
  },
  TRANSACTION_FAILED: {
    code: 'DAAS-S108',
    exit: ExitCode.chain,
    message: 'the chain refused transaction {digest}: {reason}',
    suggestions: ['see docs/errors.md'],
  },
  OBJECT_MISSING: {
    code: 'DAAS-S109',
    exit: ExitCode.chain,
    message: 'there is no object {id} on this network',
    suggestions: ['check the id and --network'],
  },
  OBJECT_WRONG_TYPE: {
    code: 'DAAS-S110',
    exit: ExitCode.usage,
    message: '{id} is no {expected} but {actual}',
    suggestions: ['check the id; daas devnet and daas cluster create print it'],
  },
  TRANSACTION_TIMEOUT: {
    code: 'DAAS-S111',
    exit: ExitCode.timeout,
    message: 'transaction {digest} was sent but not seen after {seconds} s',
    suggestions: ['look it up before sending again: it may still be executed'],
  },
  MOVE_ABORT: {
    code: 'DAAS-S112',
    exit: ExitCode.chain,
    message: '{sentence} ({module}::{name})',
    suggestions: ['{next}'],
  },
  CLUSTER_UNSET: {
    code: 'DAAS-S113',
    exit: ExitCode.usage,
    message: 'no cluster is named',
    suggestions: ['give --cluster ID or set DAAS_CLUSTER', 'create one: daas cluster create'],
  },
  TRANSACTION_UNREADABLE: {
    code: 'DAAS-S114',
    exit: ExitCode.usage,
    message: 'that is no transaction: {reason}',
    suggestions: ['give what --unsigned printed, base64, as it is'],
  },
  SIGNATURE_REFUSED: {
    code: 'DAAS-S115',
    exit: ExitCode.identity,
    message: 'the chain does not take the transaction as it was signed: {reason}',
    suggestions: [
      'sign the same bytes with the key of {sender}; of a multisig, give the combined signature',
      'make it again with --unsigned where coins or objects in it have changed since',
    ],
  },
} as const satisfies Record<string, ErrorDescriptor>
