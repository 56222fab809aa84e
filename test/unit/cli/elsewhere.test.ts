import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parse} from 'yaml'
import {joinCloudInit, joinUnitText} from '../../../src/lib/cli/join-elsewhere.ts'
import {listenUnitArgs} from '../../../src/lib/cli/listen-unit-args.ts'
import {loadSettings} from '../../../src/lib/config/settings.ts'

const id = `0x${'c'.repeat(64)}`
const url = 'https://chain.example'

/** A unit runs as root, a fresh machine has no config.yaml: what a name stands for here, it stands for nowhere else. */
describe('what runs elsewhere', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-elsewhere-'))
    await writeFile(join(dir, 'config.yaml'), `clusters: {attic: {id: '${id}', rpcUrl: ${url}}}\n`)
  })
  after(() => rm(dir, {recursive: true}))

  it('is told the id and the network of a cluster that is named here', async () => {
    const {cluster, rpcUrl} = await loadSettings({
      flags: {cluster: 'attic'},
      configDir: dir,
      systemDir: join(dir, 'none'),
    })
    assert.deepEqual([cluster, rpcUrl], [id, url])
    const elsewhere = {
      node: 'w1',
      flags: {node: 'w1', cluster: 'attic', network: 'attic', amount: '2sui'},
      passed: [],
      environment: {DAAS_RPC_URL: rpcUrl!, DAAS_CLUSTER: cluster!, DAAS_KEY_FILE: '/k'},
    }
    const here = {dataDir: '/d', cacheDir: '/c', execPath: '/usr/bin/node', script: '/daas/run.js'}
    const unit = await joinUnitText(elsewhere, here)
    assert.match(unit, /^ExecStart=\/usr\/bin\/node \/daas\/run\.js join --node w1 --amount 2sui$/m)
    assert.ok(unit.includes(`Environment=DAAS_CLUSTER=${id}\n`))
    const cloud = await joinCloudInit(elsewhere, '1.0.0')
    assert.equal((parse(cloud) as {runcmd: unknown[]}).runcmd.length, 2)
    assert.ok(cloud.includes(`DAAS_CLUSTER='${id}'`) && cloud.includes(`DAAS_RPC_URL='${url}'`), cloud)
    assert.ok(![unit, cloud].join('').includes('attic'))
  })

  it("leaves out of a listener's unit what its environment and its credentials say, however it was typed", () => {
    for (const named of [
      ['--cluster', 'attic'],
      ['--cluster=attic'],
      ['-c', 'attic'],
      ['-cattic'],
      ['-c=attic'],
    ]) {
      const argv = [
        '--print-unit',
        ...named,
        '--port',
        '8443',
        '--key-file=/k',
        '--rotate-keys',
        '--host',
        '::1',
      ]
      assert.deepEqual(listenUnitArgs(argv), ['--port', '8443', '--host', '::1'])
    }
  })
})
