import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {loadSettings} from '../../../src/lib/config/settings.ts'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'

describe('loadSettings', () => {
  let dir: string
  let systemDir: string
  let configDir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-settings-'))
    systemDir = join(dir, 'etc')
    configDir = join(dir, 'user')
    await Promise.all([mkdir(systemDir), mkdir(configDir)])
  })
  afterEach(() => rm(dir, {recursive: true}))

  it('puts flags over the user file over the machine file', async () => {
    await writeFile(join(systemDir, 'config.yaml'), 'network: testnet\ncluster: "0x1"\nseal: "0x3"\n')
    await writeFile(join(configDir, 'config.yaml'), 'cluster: "0x2"\nseal: "0x4"\n')
    const settings = await loadSettings({flags: {seal: '0x5', network: undefined}, configDir, systemDir})
    assert.deepEqual(settings, {network: 'testnet', cluster: '0x2', seal: '0x5'})
  })

  it('puts the id of a named cluster in place of its name, and its network where none is given', async () => {
    const lab = {id: '0xa', network: 'testnet', rpcUrl: 'https://node.example'}
    await writeFile(join(systemDir, 'config.yaml'), 'clusters: {prod: {id: "0xb", network: mainnet}}\n')
    await writeFile(
      join(configDir, 'config.yaml'),
      `cluster: lab\nnetwork: devnet\nclusters: {lab: ${JSON.stringify(lab)}}\n`,
    )
    const load = (flags: object) => loadSettings({flags, configDir, systemDir})
    const clusters = {prod: {id: '0xb', network: 'mainnet'}, lab}
    const {network, rpcUrl} = lab
    assert.deepEqual(await load({}), {cluster: '0xa', network, rpcUrl, clusters})
    assert.deepEqual(await load({cluster: 'prod'}), {cluster: '0xb', network: 'mainnet', clusters})
    const elsewhere = {rpcUrl: 'http://127.0.0.1:1'}
    assert.deepEqual(await load(elsewhere), {cluster: '0xa', network: 'devnet', ...elsewhere, clusters})
    assert.deepEqual(await load({cluster: '0xc'}), {cluster: '0xc', network: 'devnet', clusters})
    assert.deepEqual(await load({cluster: 'none'}), {cluster: 'none', network: 'devnet', clusters})
  })

  it('works without any file', async () => {
    assert.deepEqual(await loadSettings({flags: {}, configDir, systemDir}), {})
  })

  for (const [what, text] of [
    ['a name it does not know', 'privateKey: x\n'],
    ['no YAML', '{'],
  ] as const) {
    it(`refuses a file with ${what}`, async () => {
      await writeFile(join(configDir, 'config.yaml'), text)
      await assert.rejects(
        loadSettings({flags: {}, configDir, systemDir}),
        (error) => error instanceof DaasError && error.errorName === 'CONFIG_INVALID' && error.exitCode === 2,
      )
    })
  }
})
