/** One change of one source. */
export interface Mutant {
  readonly path: string
  readonly line: number
  /** The function in which it is, or '' for a constant. */
  readonly within: string
  readonly what: string
  /** `call`: its function cannot be called. */
  readonly kind: 'call' | 'other'
  /** What is replaced, and by what. */
  readonly at: number
  readonly length: number
  readonly by: string
}

/** What stands for what, where it stands between two terms. */
const OPERATORS: readonly (readonly [kind: string, table: Readonly<Record<string, string>>])[] = [
  ['off by one', {' <= ': ' < ', ' < ': ' <= ', ' >= ': ' > ', ' > ': ' >= '}],
  ['turned round', {' && ': ' || ', ' || ': ' && ', ' == ': ' != ', ' != ': ' == '}],
  ['other arithmetic', {' + ': ' - ', ' - ': ' + ', ' * ': ' / ', ' / ': ' * '}],
  ['other end', {'.min(': '.max(', '.max(': '.min(', 'any!(': 'all!(', 'all!(': 'any!('}],
]

/** Numbers that are only names of something: codes of errors, which the tests expect by name. */
const NAMES = /^(E|ERROR)_/

/**
 * All changes of one Move source: no assert, no event, no assignment, comparisons that are off by one or upside down,
 * other arithmetic, constants that are larger by one, functions that cannot be called.
 * @param path how the source is called in its package
 * @param source its text
 */
export function mutantsOf(path: string, source: string): Mutant[] {
  const found: Mutant[] = []
  const comments = [...source.matchAll(/\/\/.*$/gm)].map(
    ({index, 0: {length}}) => [index, index + length] as const,
  )
  const testing = source.search(/^#\[test_only\]\n(?!use )/m)
  const add = (
    index: number,
    length: number,
    by: string,
    what: string,
    kind: Mutant['kind'] = 'other',
  ): void => {
    if (comments.some(([from, to]) => index >= from && index < to) || (testing >= 0 && index > testing))
      return
    const before = source.slice(0, index)
    const within = [...before.matchAll(/^(?:public(?:\(package\))? )?fun (\w+)/gm)].at(-1)?.[1] ?? ''
    found.push({path, line: before.split('\n').length, within, what, kind, at: index, length, by})
  }
  for (const {index, 0: start} of source.matchAll(/^ *assert!\(/gm)) {
    const text = source.slice(index, source.indexOf(';', index) + 1)
    add(index, text.length, `${start.replace('assert!(', '')}();`, `without ${text.trim()}`)
  }
  for (const {index, 0: call} of source.matchAll(/event::emit\(/g)) {
    const from = index + call.length
    const to = closing(source, from - 1)
    const event = source.slice(from, to)
    const name = /^\w+/.exec(event)?.[0] ?? ''
    add(index, to + 1 - index, `{ let _ = ${event}; }`, `without the event ${name}`)
  }
  for (const {index, 0: start} of source.matchAll(/^ +\w+(?:\.\w+)+ = /gm)) {
    let end = index + start.length
    while (source[end] !== ';') end = '([{'.includes(source[end]!) ? closing(source, end) + 1 : end + 1
    const text = source.slice(index, end + 1)
    add(index, text.length, '', `without ${text.trim()}`)
  }
  for (const [kind, table] of OPERATORS) {
    for (const [from, to] of Object.entries(table)) {
      for (let at = source.indexOf(from); at >= 0; at = source.indexOf(from, at + 1)) {
        // With other steps a loop might never end.
        if (kind === 'other arithmetic' && /\bloop \{[^}]*$/.test(source.slice(0, at))) continue
        add(at, from.length, to, `${kind}: ${lineAt(source, at)}`)
      }
    }
  }
  for (const {index, 0: text, 1: name = '', 2: value = ''} of source.matchAll(
    /^const (\w+): u\d+ = ([\d_]+);/gm,
  )) {
    if (!NAMES.test(name))
      add(index, text.length, text.replace(`= ${value}`, `= ${value} + 1`), `one more: ${text}`)
  }
  for (const {index, 0: text, 1: name = ''} of source.matchAll(
    /^public(?:\(package\))? fun (\w+)[^{;]*\{/gm,
  )) {
    add(index + text.length, 0, ' assert!(false, 999_999);', `${name} cannot be called`, 'call')
  }
  return found
}

/** A source with some of its changes, which do not overlap. */
export function applied(source: string, changes: readonly Pick<Mutant, 'at' | 'length' | 'by'>[]): string {
  return [...changes]
    .sort((a, b) => b.at - a.at)
    .reduce((text, {at, length, by}) => text.slice(0, at) + by + text.slice(at + length), source)
}

/** What stands between the blank lines around a change, with the change: its function, most of the time. */
export function paragraphWith(source: string, change: Pick<Mutant, 'at' | 'length' | 'by'>): string {
  const text = applied(source, [change])
  const start = text.lastIndexOf('\n\n', change.at)
  const end = text.indexOf('\n\n', change.at + change.by.length)
  return `${change.at - start} ${text.slice(start, end < 0 ? text.length : end)}`
}

/**
 * The sources of the tests that most likely notice a change, in two rounds: those named after its module, or that speak
 * of it where none is; then those that speak of its function. Helpers are with both. Alone they may lack a test's source
 * whose functions they call, and not compile.
 */
export function testsNear(
  tests: Readonly<Record<string, string>>,
  {path, within}: Pick<Mutant, 'path' | 'within'>,
): Record<string, string>[] {
  const module = path.slice(path.lastIndexOf('/') + 1, -'.move'.length)
  const speaks = new RegExp(String.raw`\b${within === '' ? `${module}::` : within}\b`)
  const pick = (isMeant: (file: string, text: string) => boolean): Record<string, string> =>
    Object.fromEntries(
      Object.entries(tests).filter(([file, text]) => !/^#\[test\b/m.test(text) || isMeant(file, text)),
    )
  const named = `/${module}_tests.move`
  const hasOwn = Object.keys(tests).some((file) => file.endsWith(named))
  const spoken = new RegExp(String.raw`\b${module}::`)
  const isOwn = (file: string, text: string): boolean => (hasOwn ? file.endsWith(named) : spoken.test(text))
  return [pick(isOwn), pick((_, text) => speaks.test(text))]
}

/** Where the bracket ends that begins at a place. */
export function closing(source: string, open: number): number {
  let depth = 0
  for (let at = open; at < source.length; at++) {
    if ('([{'.includes(source[at]!)) depth++
    if (')]}'.includes(source[at]!) && --depth === 0) return at
  }
  throw new Error(`no end of what begins at ${open}`)
}

function lineAt(source: string, at: number): string {
  return source.slice(source.lastIndexOf('\n', at) + 1, source.indexOf('\n', at)).trim()
}
