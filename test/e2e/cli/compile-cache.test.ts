import assert from 'node:assert/strict'
import {execa} from 'execa'
import {existsSync} from 'node:fs'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {compileCacheDir} from '../../../src/lib/cli/compile-cache.ts'
import {BIN} from '../../helpers/run-daas.ts'

describe('what daas keeps compiled', function () {
  this.timeout(60_000)
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'daas-compiled-'))
  })
  afterEach(() => rm(home, {recursive: true, force: true}))

  const kept = () => compileCacheDir({env: {}, platform: process.platform, home: () => home}) ?? assert.fail()
  async function version(env: Record<string, string> = {}): Promise<[number | undefined, string]> {
    const {exitCode, stderr} = await execa(process.execPath, [BIN, '--version'], {
      env: {HOME: home, PATH: process.env.PATH, ...env},
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    })
    return [exitCode, stderr]
  }

  it('is in the cache of the user, unless Node is told to keep nothing', async () => {
    assert.deepEqual(await version({NODE_DISABLE_COMPILE_CACHE: '1'}), [0, ''])
    assert.equal(existsSync(kept()), false)
    assert.deepEqual(await version(), [0, ''])
    assert.equal(existsSync(kept()), true)
    assert.deepEqual(await version(), [0, ''])
  })

  it('is nothing where the directory cannot be made', async () => {
    const file = join(home, 'file')
    await writeFile(file, '')
    assert.deepEqual(await version({DAAS_CACHE_DIR: file}), [0, ''])
  })
})
