import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** U: what the caller typed. */
export const usageErrors = {
  AMOUNT_INVALID: {
    code: 'DAAS-U101',
    exit: ExitCode.usage,
    message: '{amount} is not an amount of SUI',
    suggestions: ['write it as 1, 1.5, 1.5sui or 1500000000mist'],
  },
  AMOUNT_NOT_POSITIVE: {
    code: 'DAAS-U102',
    exit: ExitCode.usage,
    message: 'the amount {amount} is not greater than zero',
    suggestions: ['give an amount above zero, for example 1sui'],
  },
  NETWORK_UNKNOWN: {
    code: 'DAAS-U103',
    exit: ExitCode.usage,
    message: '{network} is no network',
    suggestions: ['use devnet, localnet, testnet, mainnet or a URL (http:// or https://)'],
  },
  NODE_NAME_INVALID: {
    code: 'DAAS-U104',
    exit: ExitCode.usage,
    message: '{name} is no DNS label (lower-case letters, digits and dashes, at most 63)',
    suggestions: ['choose a name such as worker-1'],
  },
  INPUT_MISSING: {
    code: 'DAAS-U105',
    exit: ExitCode.usage,
    message: 'missing and not to be asked for without a terminal: {flags}',
    suggestions: ['give {flags}'],
  },
  CONFIG_INVALID: {
    code: 'DAAS-U106',
    exit: ExitCode.usage,
    message: 'the configuration file {file} is not readable: {reason}',
    suggestions: ['correct or remove {file}'],
  },
  DECLINED: {
    code: 'DAAS-U107',
    exit: ExitCode.declined,
    message: 'declined',
    suggestions: ['run it again and answer yes, or pass --yes'],
  },
  INTERRUPTED: {
    code: 'DAAS-U108',
    exit: ExitCode.interrupted,
    message: 'interrupted',
    suggestions: ['run the same command again to go on'],
  },
  TERMINATED: {
    code: 'DAAS-U109',
    exit: ExitCode.terminated,
    message: 'terminated',
    suggestions: ['run the same command again to go on'],
  },
  USAGE: {
    code: 'DAAS-U110',
    exit: ExitCode.usage,
    message: '{reason}',
    suggestions: ['see --help'],
  },
} as const satisfies Record<string, ErrorDescriptor>
