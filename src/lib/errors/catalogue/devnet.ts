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
} as const satisfies Record<string, ErrorDescriptor>
