import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {createHome, type Home} from '../../helpers/run-daas.ts'

interface Failure {
  readonly error: {code: string; message: string; exitCode: number; suggestions: string[]; details?: object}
}

interface ManifestFlag {
  readonly type: string
  readonly env?: string
  readonly summary?: string
  readonly options?: readonly string[]
  readonly helpValue?: string
}

const CLUSTER = `0x${'1'.repeat(64)}`
const AMOUNT = ['--amount', '1sui']

describe('the contract of the command line', () => {
  let home: Home
  let keyFile: string
  let key: string
  before(async () => {
    home = await createHome()
    keyFile = join(home.dir, 'key')
    key = Ed25519Keypair.generate().getSecretKey()
    await writeFile(keyFile, key, {mode: 0o600})
  })
  after(() => home.remove())

  it('prints its version without loading an SDK', async () => {
    const {exitCode, stdout} = await home.run(['--version'], {NODE_DEBUG: 'esm'})
    assert.equal(exitCode, 0)
    assert.match(stdout, /^daas\/\d+\.\d+\.\d+ /)
    const {stderr} = await home.run(['--version'], {NODE_DEBUG: 'esm'})
    assert.doesNotMatch(stderr, /@mysten\/sui|client-node/)
  })

  it('describes every command with a summary and two examples, every flag with its variable and what it takes', async () => {
    const manifest = JSON.parse(
      await readFile(new URL('../../../oclif.manifest.json', import.meta.url), 'utf8'),
    ) as {
      commands: Record<string, {summary?: string; examples?: string[]; flags: Record<string, ManifestFlag>}>
    }
    for (const [id, command] of Object.entries(manifest.commands)) {
      assert.ok(command.summary, `${id} has no summary`)
      assert.ok((command.examples?.length ?? 0) >= 2, `${id} has fewer than two examples`)
      for (const [name, flag] of Object.entries(command.flags)) {
        if (name === 'json') continue
        assert.ok(flag.summary, `${id} --${name} has no summary`)
        assert.match(flag.env ?? '', /^DAAS_[A-Z_0-9]+$/, `${id} --${name}`)
        const told = flag.type === 'boolean' || flag.options !== undefined || flag.helpValue !== undefined
        assert.ok(told, `${id} --${name} does not say what it takes`)
      }
    }
  })

  it('says in the usage line what has to be given, and what may follow', async () => {
    const usageOf = async (...command: string[]): Promise<string> => {
      const {exitCode, stdout} = await home.run([...command, '--help'])
      assert.equal(exitCode, 0)
      return /USAGE\n((?: {2}.+\n)+)/.exec(stdout)?.[1]?.replaceAll(/\s+/g, ' ').trim() ?? ''
    }
    assert.equal(await usageOf('stake'), '$ daas stake --amount AMOUNT [FLAGS]')
    assert.equal(await usageOf('join'), '$ daas join --node NAME [FLAGS] [-- K3S-AGENT-FLAGS]')
    assert.equal(await usageOf('slash'), '$ daas slash NODE --reason TEXT [FLAGS]')
    assert.equal(await usageOf('cluster', 'revoke-seal'), '$ daas cluster revoke-seal [SEAL]... [FLAGS]')
  })

  it('prints one error document for a parse error, and nothing of the parser in it', async () => {
    const run = await home.run(['stake', '--node', 'w1', '--amnt', 'canary-value', '--json'])
    assert.equal(run.exitCode, 2)
    const {error} = run.json<Failure>()
    assert.deepEqual(Object.keys(error).sort(), ['code', 'exitCode', 'message', 'suggestions'])
    assert.equal(error.code, 'DAAS-U110')
  })

  it('does not know a command: 127, and the nearest ones are only named', async () => {
    const run = await home.run(['staek', '--json'])
    assert.equal(run.exitCode, 127)
    assert.deepEqual(run.json<Failure>().error.suggestions, ['did you mean daas stake?'])
  })

  const refusals: [string, string[], string, number][] = [
    ['an amount that is no number', ['stake', '--node', 'w1', '--amount', 'ten'], 'DAAS-U101', 2],
    ['an amount of zero', ['stake', '--node', 'w1', '--amount', '0'], 'DAAS-U102', 2],
    ['a negative amount', ['stake', '--node', 'w1', '--amount=-1sui'], 'DAAS-U102', 2],
    ['a node name that is no DNS label', ['stake', '--node', 'W_1', ...AMOUNT], 'DAAS-U104', 2],
    ['an unknown network', ['stake', '--node', 'w1', ...AMOUNT, '--network', 'nowhere'], 'DAAS-U103', 2],
    ['neither node nor user', ['stake', ...AMOUNT], 'DAAS-U110', 2],
    ['to slash without a yes', ['slash', 'w1', '--reason', 'x'], 'DAAS-U105', 2],
    ['to withdraw without a yes', ['unstake', '--node', 'w1'], 'DAAS-U105', 2],
    ['no cluster', ['stake', '--node', 'w1', ...AMOUNT], 'DAAS-S113', 2],
  ]
  for (const [what, args, code, exitCode] of refusals) {
    it(`refuses ${what}: ${code}, exit ${exitCode}`, async () => {
      const run = await home.run([...args, '--json'], {DAAS_KEY_FILE: keyFile})
      const {error} = run.json<Failure>()
      assert.deepEqual(
        {code: error.code, exitCode: error.exitCode, exit: run.exitCode},
        {code, exitCode, exit: exitCode},
      )
      assert.ok(error.suggestions.length > 0)
    })
  }

  it('refuses without a key, with an exposed key and with a wrong key: exit 4, and never quotes it', async () => {
    const stake = ['stake', '--node', 'w1', ...AMOUNT, '--cluster', CLUSTER, '--json']
    const none = await home.run(stake)
    assert.deepEqual([none.exitCode, none.json<Failure>().error.code], [4, 'DAAS-S103'])
    const exposed = join(home.dir, 'exposed')
    await writeFile(exposed, key, {mode: 0o644})
    const open = await home.run([...stake, '--key-file', exposed])
    assert.deepEqual([open.exitCode, open.json<Failure>().error.code], [4, 'DAAS-S105'])
    const wrong = join(home.dir, 'wrong')
    const canary = `suiprivkey1${'q'.repeat(20)}canary`
    await writeFile(wrong, canary, {mode: 0o600})
    const bad = await home.run([...stake, '--key-file', wrong])
    assert.deepEqual([bad.exitCode, bad.json<Failure>().error.code], [4, 'DAAS-S104'])
    assert.doesNotMatch(`${bad.stdout}${bad.stderr}`, /canary/)
  })

  it('names the URL and the cause when no chain answers: exit 69', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const args = [
      'stake',
      '--node',
      'w1',
      ...AMOUNT,
      '--cluster',
      CLUSTER,
      '--rpc-url',
      url,
      '--key-file',
      keyFile,
    ]
    const run = await home.run([...args, '--json'])
    const {error} = run.json<Failure>()
    assert.deepEqual([run.exitCode, error.code, error.exitCode], [69, 'DAAS-S101', 69])
    assert.ok(error.message.includes(url) && error.message.includes('ECONNREFUSED'), error.message)
    const text = await home.run(args)
    assert.equal(text.stdout, '')
    assert.match(text.stderr, /DAAS-S101/)
  })

  it('hands --help behind kubectl to kubectl', async () => {
    const {commandLine} = await import('../../../src/lib/cli/command-line.ts')
    assert.deepEqual(commandLine(['kubectl', 'get', '--help']), ['kubectl', '--', 'get', '--help'])
    assert.deepEqual(commandLine(['stake', '--help']), ['stake', '--help'])
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as {port: number}
  await new Promise((resolve) => server.close(resolve))
  return port
}
