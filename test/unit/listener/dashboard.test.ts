import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {createMetrics} from '../../../src/lib/listener/metrics.ts'

describe('the dashboard', () => {
  it('shows every metric of the listener, and none that there is not', async () => {
    const {registry} = createMetrics({
      queueDepth: () => 0,
      responsesWaiting: () => 0,
      workers: () => ({registered: 2}),
      silentWorkers: () => 0,
      version: '1.2.3',
    })
    const {panels} = JSON.parse(
      await readFile(new URL('../../../templates/dashboard.json', import.meta.url), 'utf8'),
    ) as {panels: {targets: {expr: string}[]}[]}
    const text = panels.flatMap(({targets}) => targets.map(({expr}) => expr)).join(' ')
    const shown = new Set(
      (text.match(/\b(daas|process|nodejs)_\w+/g) ?? []).map((name) => name.replace(/_bucket$/, '')),
    )
    const known = new Set((await registry.getMetricsAsJSON()).map(({name}) => name))
    assert.deepEqual(
      [...shown].filter((name) => !known.has(name)),
      [],
    )
    assert.deepEqual(
      [...known].filter((name) => name.startsWith('daas_') && !shown.has(name)),
      ['daas_build_info'],
    )
    assert.match(await registry.metrics(), /daas_workers\{state="registered"\} 2/)
  })
})
