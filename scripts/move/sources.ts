/** What bytecode does not tell: names of parameters, comments, names of constants. */
export interface ModuleSource {
  readonly module: string
  readonly doc: string
  /** Public functions and others, in the order of the source. */
  readonly functions: ReadonlyMap<string, FunctionSource>
  /** Struct name to its comment and its fields' comments. */
  readonly structs: ReadonlyMap<string, {readonly doc: string; readonly fields: ReadonlyMap<string, string>}>
  readonly aborts: readonly AbortSource[]
}

/** A function as it is written. */
export interface FunctionSource {
  readonly name: string
  readonly doc: string
  readonly isPublic: boolean
  readonly parameters: readonly {readonly name: string; readonly type: string}[]
  readonly returns: string
}

/** An abort code as it is written. */
export interface AbortSource {
  readonly code: bigint
  readonly name: string
  /** What is wrong. */
  readonly sentence: string
  /** What to do. */
  readonly next: string
}

/**
 * Reads a Move source of this package. It knows the style of this package, not the whole language.
 * @throws Error if an abort code has no sentence or no next step
 */
export function parseSource(text: string): ModuleSource {
  const module = /^module \w+::(\w+);/m.exec(text)?.[1]
  if (module === undefined) throw new Error('a source without a module')
  const functions = new Map<string, FunctionSource>()
  for (const match of text.matchAll(/^((?:public(?:\(package\))? )?)fun (\w+)(?:<[^>]*>)?\(([^)]*)\)(?:: ([^{]+))? \{/gm)) {
    const [, visibility = '', name = '', parameters = '', returns = ''] = match
    functions.set(name, {
      name,
      doc: docAbove(text, match.index),
      isPublic: visibility.trim() === 'public',
      parameters: splitParameters(parameters),
      returns: returns.trim(),
    })
  }
  const structs = new Map<string, {doc: string; fields: Map<string, string>}>()
  for (const match of text.matchAll(/^public struct (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)) {
    const [, name = '', body = ''] = match
    const fields = new Map<string, string>()
    for (const field of body.matchAll(/^ {4}(\w+): /gm)) fields.set(field[1] ?? '', docAbove(body, field.index))
    structs.set(name, {doc: docAbove(text, match.index), fields})
  }
  return {module, doc: docAbove(text, text.search(/^module /m)), functions, structs, aborts: abortsOf(module, text)}
}

function abortsOf(module: string, text: string): AbortSource[] {
  return [...text.matchAll(/^const (E_\w+|ERROR_\w+): u64 = (\d+);/gm)].map((match) => {
    const [, name = '', code = ''] = match
    const [sentence, next] = docAbove(text, match.index).split(' Next: ')
    if (!sentence || !next) throw new Error(`${module}::${name} needs a sentence and a line "Next: …"`)
    return {code: BigInt(code), name, sentence, next}
  })
}

function splitParameters(text: string): {name: string; type: string}[] {
  const parameters: {name: string; type: string}[] = []
  for (const match of text.matchAll(/(?:mut )?(\w+): ((?:[^,<]|<[^,]*>)+)/g)) {
    parameters.push({name: (match[1] ?? '').replace(/^_/, ''), type: (match[2] ?? '').trim()})
  }
  return parameters
}

function docAbove(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n').slice(0, -1)
  const doc: string[] = []
  for (let line = lines.pop(); line !== undefined; line = lines.pop()) {
    const trimmed = line.trim()
    if (trimmed.startsWith('#[')) continue
    if (!trimmed.startsWith('///')) break
    doc.unshift(trimmed.slice(3).trim())
  }
  return doc.join(' ')
}
