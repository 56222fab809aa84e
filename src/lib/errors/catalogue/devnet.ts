import type {ErrorDescriptor} from '../descriptor.ts'

/** D: devnet. */
export const devnetErrors = {} as const satisfies Record<string, ErrorDescriptor>
