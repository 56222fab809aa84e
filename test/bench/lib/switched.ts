import {FrameworkFetcher} from '../../../scripts/move/compile.ts'
import {applied, closing, type Mutant} from './mutants.ts'

/**
 * The framework, with a number that code and tests see alike: the reference price of gas, which nothing here asks for and
 * every new context takes over.
 */
export class SwitchedFramework extends FrameworkFetcher {
  override async fetch(git: string, revision: string, subdir = ''): Promise<Record<string, string>> {
    const files = await super.fetch(git, revision, subdir)
    const context = files['sources/tx_context.move']
    if (context === undefined) return files
    return {...files, 'sources/tx_context.move': context + SWITCH}
  }
}

const SWITCH = `
public fun mutant(): u64 { native_rgp() }

#[test_only]
public fun set_mutant(number: u64) {
    let (price, budget) = (native_gas_price(), native_gas_budget());
    replace(native_sender(), dummy_tx_hash_with_hint(0), 0, 0, 0, number, price, budget, native_sponsor());
}
`

/**
 * A Move source with all of some changes in it, each of which is made where the number says so.
 * @param changes by number; each within a function
 */
export function switchedSource(source: string, changes: ReadonlyMap<number, Mutant>): string {
  const bodies = new Map<number, {end: number; numbers: number[]}>()
  for (const [number, {at}] of changes) {
    const start =
      [...source.slice(0, at).matchAll(/^(?:public(?:\(package\))? )?fun \w+/gm)].at(-1)?.index ?? 0
    const open = source.indexOf('{', start)
    const body = bodies.get(open) ?? {end: closing(source, open), numbers: []}
    body.numbers.push(number)
    bodies.set(open, body)
  }
  return applied(
    source,
    [...bodies].map(([open, {end, numbers}]) => {
      const cases = numbers.map((number) => {
        const change = changes.get(number)!
        const text = applied(source, [change])
        const body = text.slice(open + 1, end + change.by.length - change.length)
        return `if (sui::tx_context::mutant() == ${number}) {${body}} else `
      })
      const length = end - open - 1
      return {at: open + 1, length, by: ` ${cases.join('')}{${source.slice(open + 1, end)}} `}
    }),
  )
}

/** A source of tests in which each test stands once for each number, called `<name>__<number>`. */
export function switchedTests(text: string, numbers: readonly number[]): string {
  return text.replaceAll(/^(#\[test\b[^\n]*\])\nfun (\w+)\(/gm, (_, attribute: string, name: string) => {
    const tests = numbers.map(
      (number) =>
        `${attribute}\nfun ${name}__${number}() { sui::tx_context::set_mutant(${number}); ${name}() }\n\n`,
    )
    return `${tests.join('')}fun ${name}(`
  })
}
