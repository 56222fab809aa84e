import type {Context} from 'mocha'

/**
 * Skips a test or suite that needs what this machine does not have: loudly, with how to get it. Where
 * DAAS_TEST_REQUIRE=all (CI with the real Kubernetes) it fails instead.
 * @param context mocha's `this`
 * @param missing what is not there
 * @param remedy how to get it
 */
export function skipFor(context: Context, missing: string, remedy: string): never {
  if (process.env.DAAS_TEST_REQUIRE === 'all')
    throw new Error(`${missing} is missing, and nothing may be skipped here`)
  process.stdout.write(`    SKIPPED: ${missing} is missing. To run it: ${remedy}\n`)
  return context.skip()
}
