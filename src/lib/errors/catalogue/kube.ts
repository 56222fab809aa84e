import type {ErrorDescriptor} from '../descriptor.ts'

/** K: kube. */
export const kubeErrors = {} as const satisfies Record<string, ErrorDescriptor>
