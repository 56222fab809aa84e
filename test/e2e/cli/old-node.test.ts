import assert from 'node:assert/strict'
import {execa} from 'execa'
import {BIN} from '../../helpers/run-daas.ts'

/** Starts daas as if this Node were another one. */
async function runAs(
  version: string,
): Promise<{exitCode?: number | undefined; stdout: string; stderr: string}> {
  const pretend = `Object.defineProperties(process, {
    version: {value: 'v${version}'},
    versions: {value: {...process.versions, node: '${version}'}},
  })`
  const before = `data:text/javascript,${encodeURIComponent(pretend)}`
  return execa(process.execPath, ['--import', before, BIN, '--version'], {reject: false, stdin: 'ignore'})
}

describe('daas on another Node', function () {
  this.timeout(30_000)

  for (const version of ['20.19.0', '22.21.1', '23.11.0', '24.14.9', '25.0.0']) {
    it(`says on ${version} in one line what it wants, before anything else is loaded`, async () => {
      const {exitCode, stdout, stderr} = await runAs(version)
      assert.deepEqual([exitCode, stdout], [2, ''])
      assert.match(
        stderr,
        new RegExp(`^daas needs Node .*this is v${version.replaceAll('.', String.raw`\.`)}: .*$`),
      )
    })
  }

  for (const version of ['22.22.0', '24.15.0', '26.0.0']) {
    it(`runs on ${version}`, async () => {
      const {exitCode, stdout, stderr} = await runAs(version)
      assert.equal(exitCode, 0, stderr)
      assert.match(stdout, /^daas\//)
    })
  }
})
