import type {DemoResult} from '../devnet/demo/story.ts'
import {renderFields, renderTable} from './table.ts'

/** The table at the end of the demo: each stage with its time, transaction and gas, and what it ran on. */
export function renderDemo(result: DemoResult): string {
  const rows = result.stages.map(({name, ok, ms, digest, gasMist}) => [
    name,
    ok ? 'ok' : 'FAILED',
    `${(ms / 1000).toFixed(2)} s`,
    digest ?? '',
    gasMist === undefined ? '' : gasMist.toString(),
  ])
  const {chain, kubernetes, agent, kubectl} = result.backends
  return [
    '',
    renderTable(['STAGE', '', 'TIME', 'TRANSACTION', 'GAS (MIST)'], rows),
    '',
    renderFields([
      ['chain', chain],
      ['Kubernetes', kubernetes],
      ['agent', agent],
      ['kubectl', kubectl],
      ['in all', `${(result.ms / 1000).toFixed(1)} s`],
    ]),
    ...(result.notice === undefined ? [] : ['', result.notice]),
  ].join('\n')
}
