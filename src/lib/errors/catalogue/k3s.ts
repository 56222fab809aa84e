import type {ErrorDescriptor} from '../descriptor.ts'

/** J: k3s. */
export const k3sErrors = {} as const satisfies Record<string, ErrorDescriptor>
