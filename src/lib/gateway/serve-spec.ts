import {daasError} from '../errors/daas-error.ts'

/** Whom a gateway serves besides: what is absent is as the flags and settings say. */
export interface ServeSpec {
  readonly cluster?: string
  readonly 'key-file'?: string
  readonly address?: string
  readonly seal?: string
}

const KEYS = ['cluster', 'key-file', 'address', 'seal']

/**
 * Reads several, given one by one or with `;` between them.
 * @throws SERVE_SPEC_INVALID
 */
export function parseServeSpecs(texts: readonly string[]): ServeSpec[] {
  return texts.flatMap((text) => text.split(';')).map((text) => parseServeSpec(text))
}

/**
 * Reads `cluster=0x…,key-file=…,address=0x…,seal=0x…`; each at most once, in any order.
 * @throws SERVE_SPEC_INVALID
 */
export function parseServeSpec(text: string): ServeSpec {
  const spec: Record<string, string> = {}
  for (const part of text.split(',')) {
    const at = part.indexOf('=')
    const [key, value] = [part.slice(0, Math.max(at, 0)), part.slice(at + 1)]
    if (!KEYS.includes(key) || value === '' || key in spec) {
      throw daasError('SERVE_SPEC_INVALID', {spec: text, keys: KEYS.join(', ')})
    }

    spec[key] = value
  }

  return spec
}
