import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import {catalogue, daasError, type DaasError} from '../../../src/lib/errors/daas-error.ts'

describe('the error catalogue', () => {
  it('gives every error a code of its own, a sentence and a next step', () => {
    const codes = Object.values(catalogue).map((descriptor) => descriptor.code)
    assert.equal(new Set(codes).size, codes.length)
    for (const [name, descriptor] of Object.entries(catalogue)) {
      assert.match(descriptor.code, /^DAAS-[A-Z]\d{3}$/, name)
      assert.doesNotMatch(descriptor.message, /\.$/, name)
      assert.ok(descriptor.suggestions.length > 0, name)
    }
  })

  it('has each name once over all domains', async () => {
    const dir = new URL('../../../src/lib/errors/catalogue/', import.meta.url)
    const names = await Promise.all(
      (await readdir(dir)).map(async (file) => {
        const module = (await import(new URL(file, dir).href)) as Record<string, object>
        return Object.values(module).flatMap((domain) => Object.keys(domain))
      }),
    )
    assert.deepEqual(names.flat().sort(), Object.keys(catalogue).sort())
  })

  it('fills the places of sentence and suggestions', () => {
    const error: DaasError = daasError('KEY_FILE_EXPOSED', {file: '/tmp/k'})
    assert.deepEqual(
      {code: error.code, exitCode: error.exitCode, message: error.message, suggestions: error.suggestions},
      {code: 'DAAS-S105', exitCode: 4, message: 'others can read /tmp/k', suggestions: ['chmod 600 /tmp/k']},
    )
  })

  it('suggests only commands and flags that exist', async () => {
    const file = new URL('../../../oclif.manifest.json', import.meta.url)
    const {commands} = JSON.parse(await readFile(file, 'utf8')) as {
      commands: Record<string, {flags: Record<string, unknown>}>
    }
    const unknown: string[] = []
    for (const [name, {suggestions}] of Object.entries(catalogue)) {
      for (const suggestion of suggestions) {
        for (const [, line = ''] of suggestion.matchAll(/\bdaas ([a-z][^;,()]*)/g)) {
          const words = line.split(/\s+/)
          const id = [`${words[0]}:${words[1]}`, words[0]!].find((each) => commands[each])
          const flags = line.match(/--[a-z][-a-z]*/g) ?? []
          const missing = id ? flags.filter((flag) => !(flag.slice(2) in commands[id]!.flags)) : [line]
          // `daas` alone may begin a plain sentence; a command line is never followed by a verb of ours.
          if (missing.length > 0 && !/^(needs|runs|and|expects|is|does)\b/.test(line))
            unknown.push(`${name}: ${suggestion}`)
        }
      }
    }
    assert.deepEqual(unknown, [])
  })
})
