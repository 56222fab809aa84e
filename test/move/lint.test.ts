import {dumpMovePackage, initMovePackageBuilder} from '@zktx.io/sui-move-builder'
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {FrameworkFetcher} from '../../scripts/move/compile.ts'
import {readTexts} from '../../scripts/move/files.ts'

const move = join(import.meta.dirname, '../../move')

describe('the contracts before the compiler', function () {
  this.timeout(60_000)

  it('warns of nothing, with all lints on', async () => {
    await initMovePackageBuilder()
    const files = Object.fromEntries(
      Object.entries(readTexts(join(move, 'daas'))).filter(([path]) => !path.startsWith('tests/')),
    )
    const result = await dumpMovePackage({
      files,
      network: 'testnet',
      lintFlag: 'all',
      ansiColor: false,
      fetcher: new FrameworkFetcher(join(move, 'framework')),
    })
    assert.ok(!('error' in result), 'error' in result ? result.error : '')
    assert.equal(result.warnings ?? '', '')
  })
})
