import type {StatusResult} from '../status/status.ts'
import {styleFor} from './style.ts'
import {renderFields} from './table.ts'

/** `daas status` on one screen: a line a section, with the fix where there is something to fix. */
export function renderStatus(result: StatusResult): string {
  const style = styleFor(process.stdout)
  const marks = {ok: style.green('OK'), warning: style.yellow('WARNING'), error: style.red('ERROR')}
  return renderFields([
    ['cluster', result.cluster],
    ['address', result.address],
    ['node', result.node],
    ...result.sections.map(({name, state, message, fix}): [string, string] => [
      name,
      `${marks[state]}  ${message}${fix === undefined ? '' : `\n  → ${fix}`}`,
    ]),
  ])
}
