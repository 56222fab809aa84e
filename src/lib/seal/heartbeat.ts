import {z} from 'zod'

/** What a worker says of itself with a heartbeat. */
export const heartbeatSchema = z.strictObject({
  /** How far the agent is, by its own log. */
  stage: z.string().regex(/^[a-z]{1,32}$/),
  /** How often it has been started again. */
  restarts: z.int().min(0).max(1_000_000),
  /** How long it has run, ms. */
  uptimeMs: z.int().nonnegative(),
})

export type Heartbeat = z.infer<typeof heartbeatSchema>
