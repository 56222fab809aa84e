/** A secret, in every form in which it could lie about. */
export interface Canary {
  readonly name: string
  readonly forms: readonly Buffer[]
}

/** A canary of a text: as it is, in hex and in base64. */
export function textCanary(name: string, text: string): Canary {
  return bytesCanary(name, Buffer.from(text))
}

/** A canary of bytes: as they are, in hex and in base64, and any text that encodes them otherwise. */
export function bytesCanary(name: string, bytes: Uint8Array, ...texts: string[]): Canary {
  const raw = Buffer.from(bytes)
  // Base64 of the last bytes depends on what follows: without them it is found in the middle of a longer text too.
  const base64 = raw.subarray(0, raw.length - (raw.length % 3)).toString('base64')
  return {
    name,
    forms: [
      raw,
      Buffer.from(raw.toString('hex')),
      Buffer.from(base64),
      ...texts.map((each) => Buffer.from(each)),
    ],
  }
}

/** The names of the canaries that are in a text or in bytes. */
export function canariesIn(haystack: string | Uint8Array, canaries: readonly Canary[]): string[] {
  const bytes = Buffer.from(haystack)
  return canaries.filter(({forms}) => forms.some((form) => bytes.includes(form))).map(({name}) => name)
}

/** Every text and every run of bytes in a value, however deep. */
export function* leavesOf(value: unknown): Generator<string | Uint8Array> {
  if (typeof value === 'string' || value instanceof Uint8Array) yield value
  else if (Array.isArray(value)) for (const each of value) yield* leavesOf(each)
  else if (value !== null && typeof value === 'object')
    for (const each of Object.values(value)) yield* leavesOf(each)
}
