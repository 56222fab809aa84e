import type {ErrorDescriptor} from '../descriptor.ts'
import {ExitCode} from '../exit-codes.ts'

/** D: devnet. */
export const devnetErrors = {
  KUBERNETES_NOT_FOUND: {
    code: 'DAAS-D101',
    exit: ExitCode.degraded,
    message: 'there is no Kubernetes of the kind {kind} to start: {reason}',
    suggestions: ['{remedy}', 'use --kubernetes embedded, which needs nothing'],
  },
  KUBERNETES_START_FAILED: {
    code: 'DAAS-D102',
    exit: ExitCode.unavailable,
    message: '{program} did not start: {reason}',
    suggestions: ['read its log: {log}', 'use --kubernetes embedded, which needs nothing'],
  },
  DEVNET_LISTEN_FAILED: {
    code: 'DAAS-D103',
    exit: ExitCode.unavailable,
    message: 'the devnet cannot listen on {host}:{port}: {reason}',
    suggestions: ['choose another port, or 0 for any free one', 'use a devnet that runs there already'],
  },
  DEMO_ACT_FAILED: {
    code: 'DAAS-D104',
    exit: ExitCode.bug,
    message: '{act}: {reason}',
    suggestions: ['run it again with DAAS_LOG_LEVEL=debug and report what it says'],
  },
  DEMO_NEEDS_KUBERNETES: {
    code: 'DAAS-D105',
    exit: ExitCode.usage,
    message: 'the demo joins a node of its own, which a Kubernetes of kind {kubernetes} does not let it',
    suggestions: ['use --kubernetes auto, binaries, k3s or embedded'],
  },
  DEMO_FAILED: {
    code: 'DAAS-D106',
    exit: ExitCode.degraded,
    message: 'the demo failed at its stage {stage}: {reason}',
    suggestions: ['run it again with DAAS_LOG_LEVEL=debug', 'try --kubernetes embedded'],
  },
  DEVNET_DATA_IN_USE: {
    code: 'DAAS-D107',
    exit: ExitCode.unavailable,
    message: 'another devnet uses {dir}',
    suggestions: ['stop it first, or give this one another --data-dir'],
  },
  DEVNET_DATA_UNREADABLE: {
    code: 'DAAS-D108',
    exit: ExitCode.unavailable,
    message: 'the ledger in {file} cannot be read: {reason}',
    suggestions: ['restore a snapshot with daas devnet restore', 'begin anew with another --data-dir'],
  },
  DEVNET_DATA_OTHER_SEED: {
    code: 'DAAS-D109',
    exit: ExitCode.usage,
    message: 'the chain in {dir} has another seed than --seed says',
    suggestions: ['leave --seed out, or give another --data-dir'],
  },
  DEVNET_DATA_MISSING: {
    code: 'DAAS-D110',
    exit: ExitCode.usage,
    message: 'there is no ledger in {file}',
    suggestions: ['name the --data-dir that the devnet was started with, or the file of a snapshot'],
  },
  DEVNET_DATA_EXISTS: {
    code: 'DAAS-D111',
    exit: ExitCode.usage,
    message: 'there is a ledger in {dir} already',
    suggestions: ['add --force to replace it', 'restore to another --data-dir'],
  },
  DEVNET_SNAPSHOT_EXISTS: {
    code: 'DAAS-D112',
    exit: ExitCode.usage,
    message: '{file} exists already',
    suggestions: ['name a file that does not exist'],
  },
  MOVE_COMPILER_MISSING: {
    code: 'DAAS-D113',
    exit: ExitCode.usage,
    message: 'the Move compiler is not installed',
    suggestions: [
      'install it beside daas: npm install --global @zktx.io/sui-move-builder',
      'or publish with the sui program: sui client publish',
    ],
  },
  MOVE_BUILD_FAILED: {
    code: 'DAAS-D114',
    exit: ExitCode.usage,
    message: '{path} does not compile: {reason}',
    suggestions: ['correct the sources and run it again'],
  },
  DIRECTORY_UNWRITABLE: {
    code: 'DAAS-D115',
    exit: ExitCode.usage,
    message: 'there is no writing to {dir}: {reason}',
    suggestions: ['make it, or point TMPDIR at a directory that can be written to'],
  },
  SUI_PROGRAM_MISSING: {
    code: 'DAAS-D116',
    exit: ExitCode.usage,
    message: 'there is no sui program on PATH',
    suggestions: [
      'install it and put it on PATH',
      'leave --engine out: the chain that is built in needs no program',
    ],
  },
  SUI_START_FAILED: {
    code: 'DAAS-D117',
    exit: ExitCode.unavailable,
    message: 'sui start gave no chain: {reason}',
    suggestions: ['read {log}', 'leave --engine out: the chain that is built in needs no program'],
  },
  DEVNET_ENGINE_LIMIT: {
    code: 'DAAS-D118',
    exit: ExitCode.usage,
    message: '{flag} is of the chain that is built in: sui start always begins a new one in its own way',
    suggestions: ['leave {flag} out, or --engine sui'],
  },
} as const satisfies Record<string, ErrorDescriptor>
