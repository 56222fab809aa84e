import type {Reflection} from './mirror.ts'

/** A stream of numbers from a seed: the same ones each time. */
export interface Random {
  /** From 0 to below `end`. */
  below(end: number): number
  pick<T>(values: readonly T[]): T
  bytes(length: number): Buffer
}

/** A request and the answer to it. */
export interface Message {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly answer: Reflection
}

/** Mulberry32. @param seed u32 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (end: number): number => next() % end
  return {
    below,
    pick: (values) => values[below(values.length)]!,
    bytes: (length) => Buffer.from(Array.from({length}, () => below(256))),
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
/** Everything but 1xx (they are no answers) and what has no body by itself. */
const STATUSES = Array.from({length: 400}, (_, index) => 200 + index)
const BODILESS = new Set([204, 304])
/** Pieces of a segment or a query: what is odd, percent-encoded in ways that a decoder would change. */
const SEGMENT = [
  'a',
  'Z',
  '0',
  '-',
  '.x',
  '~',
  ':',
  '@',
  '!',
  '$',
  '&',
  "'",
  '(',
  ')',
  '*',
  '+',
  ',',
  ';',
  '=',
]
const ENCODED = [
  '%20',
  '%2B',
  '%2b',
  '%25',
  '%3F',
  '%C3%A9',
  '%e2%82%ac',
  '%F0%9F%90%B3',
  '%7E',
  '%41',
  '%00a',
]
const QUERY = [...SEGMENT, ...ENCODED, '/', '?', '[', ']', '{', '|', '"', '%', '%zz', '%ff']
const BODY_BYTES = [0, 1, 2, 100, 1000, 1000, 4000, 17_000]

/**
 * A random request below the group `mirror.test` and a random answer.
 * @param index makes the path unique
 * @param mark stands in name, query, headers and bodies
 */
export function randomMessage(random: Random, index: number, mark: string): Message {
  const method = random.pick(METHODS)
  const text = (pieces: readonly string[], most: number): string =>
    Array.from({length: random.below(most + 1)}, () => random.pick(pieces)).join('')
  const segment = (): string =>
    `x${text([...SEGMENT, ...ENCODED.filter((each) => !each.startsWith('%00'))], 6)}`
  const namespace = random.pick(['', `/namespaces/ns-${random.below(5)}`])
  const name = `/n${index}-${mark}-${segment()}`
  const subresource = random.pick(['', '', '/status', '/scale'])
  const hasName = method !== 'POST' || subresource !== ''
  const pairs = Array.from({length: random.below(4)}, () =>
    random.pick([
      () => `${text(QUERY, 5)}`,
      () => `q=${text(QUERY, 8)}`,
      () => `q=${text(QUERY, 3)}=${text(QUERY, 3)}`,
      () => '',
    ])(),
  )
  const query = [`n=${index}`, `mark=${mark}`, ...pairs].join('&')
  const hasBody = method !== 'HEAD' && (method !== 'GET' || random.below(4) === 0)
  return {
    method,
    path: `/apis/mirror.test/v1${namespace}/things${hasName ? name : ''}${subresource}?${query}`,
    headers: {
      accept: random.pick(['*/*', 'application/json', `text/plain;q=0.1, a/b;x="${headerText(random)}"`]),
      'content-type': random.pick([
        'application/json',
        `x/${mark}`,
        'application/octet-stream;a="\u00e9\u00ff"',
      ]),
      'user-agent': `mirror ${mark} ${headerText(random)}`,
      'kubectl-command': headerText(random),
      ...(random.below(3) === 0 && {'if-match': `"${headerText(random)}"`}),
    },
    body: hasBody ? bodyOf(random, mark) : Buffer.alloc(0),
    answer: randomAnswer(random, method, mark),
  }
}

function randomAnswer(random: Random, method: string, mark: string): Reflection {
  const status = random.pick(STATUSES)
  const bodiless = method === 'HEAD' || BODILESS.has(status)
  return {
    status,
    headers: [
      ...[
        'content-type',
        random.pick(['application/json', 'application/vnd.kubernetes.protobuf', 'x/y;z="\u00fc"']),
      ],
      ...['x-mark', mark],
      ...['x-odd', headerText(random)],
      ...['warning', `299 - "${headerText(random)}"`],
      ...(random.below(2) === 0 ? ['warning', '299 - "another, with a comma"'] : []),
      ...(random.below(3) === 0 ? ['etag', `"${headerText(random)}"`] : []),
      ...(random.below(3) === 0 ? ['location', `/apis/mirror.test/v1/things/${mark}`] : []),
      ...(random.below(3) === 0 ? ['retry-after', '7'] : []),
    ],
    body: bodiless ? Buffer.alloc(0) : bodyOf(random, mark),
  }
}

function bodyOf(random: Random, mark: string): Buffer {
  const bytes = random.bytes(random.pick(BODY_BYTES))
  return bytes.length > 100 ? Buffer.concat([bytes, Buffer.from(mark)]) : bytes
}

/** What may stand in a header: visible bytes, spaces inside, and those above 127. */
function headerText(random: Random): string {
  const inner = Array.from({length: random.below(20)}, () =>
    String.fromCharCode(
      random.pick([32, 9, 33, 35, 39, 44, 58, 59, 61, 64, 91, 123, 126, 128 + random.below(128)]),
    ),
  )
  return `a${inner.join('')}z`
}
