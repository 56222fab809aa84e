import type {ErrorDescriptor} from '../descriptor.ts'

/** G: gateway. */
export const gatewayErrors = {} as const satisfies Record<string, ErrorDescriptor>
