import assert from 'node:assert/strict'
import type {Run} from './run-daas.ts'

/** The `error` of a command that failed under --json. */
export interface Failure {
  code: string
  message: string
  exitCode: number
  suggestions: string[]
  details?: Record<string, unknown>
  cause?: string
}

const KNOWN = ['cause', 'code', 'details', 'exitCode', 'message', 'suggestions']

/**
 * Asserts the whole document of a refusal under --json: nothing beside the error, no unknown key, what to do next, no
 * place of a sentence left open.
 */
export function assertRefusal(run: Run, code: string, exitCode: number): Failure {
  // A streaming command prints one object per line, and the error as its last.
  const last = run.stdout.trim().split('\n').at(-1) ?? ''
  const isEvent = last.startsWith('{"time"')
  const {error, ...rest} = JSON.parse(isEvent ? last : run.stdout) as {error: Failure}
  assert.deepEqual(Object.keys(rest), isEvent ? ['time', 'type', 'schemaVersion'] : [], run.stdout)
  const actual = {code: error.code, exitCode: error.exitCode, exit: run.exitCode}
  assert.deepEqual(actual, {code, exitCode, exit: exitCode}, run.stdout)
  assert.ok(error.suggestions.length > 0 && error.suggestions.every((each) => each !== ''), run.stdout)
  assert.deepEqual(
    Object.keys(error).filter((key) => !KNOWN.includes(key)),
    [],
  )
  assert.doesNotMatch(
    [error.message, ...error.suggestions].join(' '),
    /\{\w+\}|undefined/,
    'a place was not filled',
  )
  return error
}
