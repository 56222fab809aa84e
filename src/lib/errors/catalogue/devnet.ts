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
} as const satisfies Record<string, ErrorDescriptor>
