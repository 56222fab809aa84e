import type {ExitCode} from './exit-codes.ts'

/** One entry of the error catalogue. */
export interface ErrorDescriptor {
  /** Stable code, `DAAS-` + letter of the domain + three digits. */
  readonly code: `DAAS-${string}`
  readonly exit: ExitCode
  /** One sentence with `{name}` places, no full stop at its end. */
  readonly message: string
  /** What to do next, with the same places; the first is the likeliest. */
  readonly suggestions: readonly string[]
}

/** The names of the `{places}` in a template. */
export type PlacesOf<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlacesOf<Rest>
  : never
