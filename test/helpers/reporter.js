// Mocha's spec reporter, and a count of what ran for scripts/test.ts (file named by DAAS_TEST_REPORT).
import Mocha from 'mocha'
import {writeFileSync} from 'node:fs'

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const skipped = []
    runner.on('pending', (test) => skipped.push(test.fullTitle()))
    runner.once('end', () => {
      const file = process.env.DAAS_TEST_REPORT
      if (file === undefined) return
      const {passes, failures} = runner.stats
      writeFileSync(file, JSON.stringify({passed: passes, failed: failures, skipped}))
    })
  }
}
