import {Environment} from '@marcbachmann/cel-js'
import {isJsonObject, type JsonObject} from './types.ts'

/** A compiled CEL expression. */
export type CelProgram = (variables: JsonObject) => unknown

/** Compiles expressions once and keeps them. */
export class CelCompiler {
  readonly #environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  }).registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
    text.replaceAll(from, to),
  )
  readonly #programs = new Map<string, CelProgram>()

  /**
   * Compiles an expression.
   * @throws Error where it is not CEL, or uses what this implementation lacks
   */
  compile(expression: string): CelProgram {
    const known = this.#programs.get(expression)
    if (known !== undefined) return known
    const parsed = this.#environment.parse(expression)
    const program: CelProgram = (variables) => parsed(variables)
    this.#programs.set(expression, program)
    return program
  }
}

/** A JSON value as CEL sees it: whole numbers are ints, which are bigints here. */
export function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(toCel)
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toCel(item)]))
  return value ?? null
}
