import assert from 'node:assert/strict'
import {globSync} from 'node:fs'
import {join} from 'node:path'
import {readSharedObjects} from '../../scripts/move/shared-objects.ts'
import {readDaasPackage} from '../../src/lib/contracts/package.ts'
import {reachedFrom} from './support/reach.ts'

const root = join(import.meta.dirname, '../..')
const {functions} = readSharedObjects(
  readDaasPackage().modules.map((text) => new Uint8Array(Buffer.from(text, 'base64'))),
)

/** What no command leads to, and why. */
const NOT_BY_COMMAND: Readonly<Record<string, string>> = {
  'staking::stake_for_admin': 'allows what a user’s stake of its amount does: the commands know one kind for people',
}

/** How the binding of a function is called. */
function bindingOf(name: string): string {
  const [module = '', fun = ''] = name.split('::')
  const binding = fun.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  return `${join(root, 'src/lib/contracts/generated/daas', `${module}.ts`)}#${binding}`
}

describe('what the contracts can do and the commands can', () => {
  it('is the same, but for what is named with its reason', () => {
    const reached = reachedFrom(globSync(join(root, 'src/commands/**/*.ts')))
    const changing = functions.filter(({name, changes}) => changes && !/::(assert|get)_/.test(name))
    assert.ok(changing.length > 40, String(changing.length))
    const missing = changing.map(({name}) => name).filter((name) => !reached.has(bindingOf(name)))
    assert.deepEqual(missing.sort(), Object.keys(NOT_BY_COMMAND).sort())
  })
})
