/**
 * The driver of `sui start`. There is no sui program in a package registry: a stand-in takes its place, so this shows
 * how the program is called, waited for and ended, and nothing of what it answers itself.
 */
import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {startSuiEngine} from '../../../src/lib/devnet/sui-engine.ts'
import {createWorld} from '../../../src/lib/devnet/world.ts'
import {createLogger} from '../../../src/lib/cli/logger.ts'

const standIn = join(import.meta.dirname, '../../fixtures/sui-stand-in.ts')

describe('sui start as the chain of a devnet', function () {
  this.timeout(120_000)
  let dir: string
  const control = new AbortController()
  const env = (more = '') => ({PATH: `${join(dir, `bin${more}`)}:${process.env.PATH}`})

  /** A directory with a program `sui` that is the stand-in. */
  async function install(name: string, variables = ''): Promise<void> {
    await mkdir(join(dir, name))
    const script = `#!/bin/sh\n${variables}exec '${process.execPath}' --no-warnings '${standIn}' "$@"\n`
    await writeFile(join(dir, name, 'sui'), script, {mode: 0o755})
  }

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-sui-'))
    await install('bin')
    await install('bin-broken', 'export SUI_STAND_IN_FAILS=1\n')
  })
  after(async () => {
    control.abort()
    await rm(dir, {recursive: true})
  })

  it('has everything that a world of our own has, and ends cleanly', async () => {
    const world = await createWorld({
      dir: join(dir, 'world'),
      engine: 'sui',
      port: 0,
      seed: 'sui engine',
      accounts: 4,
      epochDurationMs: 60_000,
      kubernetes: 'none',
      clusterName: 'devnet',
      env: env(),
      signal: control.signal,
      logger: createLogger({level: 'silent'}),
    })
    try {
      assert.equal(world.devnet.node, undefined)
      assert.equal(world.devnet.accounts.length, 10)
      assert.equal(world.people.admin.address, world.devnet.accounts[0]?.address)
      assert.match(world.cluster.cluster, /^0x[0-9a-f]{64}$/)
      assert.equal(world.env.DAAS_RPC_URL, world.devnet.url)
      const health = await fetch(`${world.devnet.url}/health`)
      assert.equal(health.status, 200)
    } finally {
      await world.close()
    }
    await assert.rejects(fetch(`${world.devnet.url}/health`))
  })

  it('says that there is no such program', async () => {
    await assert.rejects(
      startSuiEngine({dir, port: 0, accounts: 1, env: {PATH: dir}, signal: control.signal}),
      (error) => error instanceof DaasError && error.errorName === 'SUI_PROGRAM_MISSING',
    )
  })

  it('says why the program ended, and where its log is', async () => {
    const where = join(dir, 'broken')
    await assert.rejects(
      startSuiEngine({dir: where, port: 0, accounts: 1, env: env('-broken'), signal: control.signal}),
      (error) => {
        assert.ok(error instanceof DaasError)
        assert.equal(error.errorName, 'SUI_START_FAILED')
        assert.match(error.message, /told to fail/)
        return true
      },
    )
    assert.match(await readFile(join(where, 'sui.log'), 'utf8'), /told to fail/)
  })
})
