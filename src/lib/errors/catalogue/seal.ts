import type {ErrorDescriptor} from '../descriptor.ts'

/** T: seal tokens, envelopes and signatures. */
export const sealErrors = {} as const satisfies Record<string, ErrorDescriptor>
