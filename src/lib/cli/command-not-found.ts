import type {Hook} from '@oclif/core'
import {ExitCode} from '../errors/exit-codes.ts'

/** Prints the nearest commands and ends with 127. It never runs a guess: this tool moves money. */
const commandNotFound: Hook<'command_not_found'> = async function ({argv, config, id}) {
  const typed = id.replaceAll(':', ' ')
  const near = config.commandIDs
    .map((commandId) => ({name: commandId.replaceAll(':', ' '), far: distance(commandId, id)}))
    .filter(({far}) => far <= 2)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({name}) => `${config.bin} ${name}`)
  const suggestions =
    near.length > 0 ? near.map((name) => `did you mean ${name}?`) : [`see ${config.bin} help`]
  const message = `${typed} is no command of ${config.bin}`
  if (argv?.includes('--json')) {
    const error = {code: 'DAAS-U127', message, exitCode: ExitCode.unknownCommand, suggestions}
    process.stdout.write(`${JSON.stringify({error}, null, 2)}\n`)
  } else {
    process.stderr.write(
      `error: ${message} [DAAS-U127]\n${suggestions.map((each) => `  → ${each}\n`).join('')}`,
    )
  }

  process.exit(ExitCode.unknownCommand)
}

export default commandNotFound

// Levenshtein's distance; names are short, so the plain table will do.
function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost))
    }

    row = next
  }

  return row[b.length]!
}
