import assert from 'node:assert/strict'
import {mkdtemp, readFile, readdir, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {loadSettings} from '../../../src/lib/config/settings.ts'
import {useCluster} from '../../../src/lib/config/write-settings.ts'

describe('useCluster', () => {
  let dir: string
  let configDir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-settings-'))
    configDir = join(dir, 'user')
  })
  afterEach(() => rm(dir, {recursive: true}))

  it('makes the file where there is none, for its owner only, and nothing else', async () => {
    const cluster = {id: '0xa', network: 'testnet'}
    const {file, changed} = await useCluster({configDir, name: 'lab', cluster})
    assert.equal(changed, true)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(configDir), ['config.yaml'])
    const settings = await loadSettings({flags: {}, configDir, systemDir: dir})
    assert.deepEqual(settings, {cluster: '0xa', network: 'testnet', clusters: {lab: cluster}})
    assert.equal((await useCluster({configDir, name: 'lab', cluster})).changed, false)
  })

  it('leaves other lines and comments as they are', async () => {
    await useCluster({configDir, name: 'a', cluster: {id: '0xa'}})
    const file = join(configDir, 'config.yaml')
    await writeFile(file, `# mine\n${await readFile(file, 'utf8')}keyFile: /key # secret\n`)
    await useCluster({configDir, name: 'b', cluster: {id: '0xb', network: 'devnet'}})
    assert.equal(
      await readFile(file, 'utf8'),
      [
        '# mine',
        'cluster: b',
        'clusters:',
        '  a:',
        '    id: "0xa"',
        '  b:',
        '    id: "0xb"',
        '    network: devnet',
        'keyFile: /key # secret',
        '',
      ].join('\n'),
    )
  })

  it('refuses a file that is no YAML', async () => {
    await useCluster({configDir, name: 'a', cluster: {id: '0xa'}})
    await writeFile(join(configDir, 'config.yaml'), '{')
    await assert.rejects(useCluster({configDir, name: 'a'}), {errorName: 'CONFIG_INVALID'})
  })
})
