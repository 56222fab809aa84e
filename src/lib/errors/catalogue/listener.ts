import type {ErrorDescriptor} from '../descriptor.ts'

/** L: listener. */
export const listenerErrors = {} as const satisfies Record<string, ErrorDescriptor>
