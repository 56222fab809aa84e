import {decodeSuiPrivateKey} from '@mysten/sui/cryptography'
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readdir, readFile, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import which from 'which'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {checkpointsOf} from '../../helpers/checkpoints.ts'
import {type CliWorld, startCliWorld} from '../../helpers/cli-world.ts'
import {bytesCanary, canariesIn, type Canary, leavesOf, textCanary} from '../../helpers/haystack.ts'
import {HAS_PROC, viewFamily} from '../../helpers/processes.ts'
import {skipFor} from '../../helpers/skip.ts'

interface Sealed {
  seal: string
  tokenFile: string
}

const NODE = ['--node', 'canary-1']

describe('secrets stay where they belong', () => {
  let world: CliWorld
  let kubectl: string | null
  const canaries: Canary[] = []
  const bodyCanary = randomBytes(18).toString('hex')
  const outputs: {name: string; text: string}[] = []
  const seen = new Map<string, string>()
  const over = new AbortController()
  let sampling: Promise<void> | undefined

  /** Runs a command and keeps what it says. */
  async function run(who: Parameters<CliWorld['as']>[0], args: string[]): Promise<string> {
    const {exitCode, stdout, stderr} = await world.as(who, args)
    outputs.push({name: args.join(' '), text: `${stdout}\n${stderr}`})
    assert.equal(exitCode, 0, `${args.join(' ')}\n${stdout}\n${stderr}`)
    return stdout
  }

  async function sealAs(who: 'operator' | 'user', subject: string[]): Promise<Sealed> {
    const sealed = JSON.parse(await run(who, ['seal', ...subject, '--json'])) as Sealed
    const token = (await readFile(sealed.tokenFile, 'utf8')).trim()
    assert.match(token, /^[a-z0-9]{6}\.[a-z0-9]{16}$/)
    canaries.push(textCanary(`the seal token of the ${who}`, token.split('.')[1] ?? ''))
    return sealed
  }

  before(async function () {
    if (!HAS_PROC) skipFor(this, '/proc', 'run it on Linux')
    this.timeout(120_000)
    kubectl = await which('kubectl', {nothrow: true})
    sampling = sample(seen, over.signal)
    world = await startCliWorld({DAAS_LOG_LEVEL: 'trace'})
    for (const [who, {keyFile}] of Object.entries(world.ready.people)) {
      const text = (await readFile(keyFile, 'utf8')).trim()
      canaries.push(bytesCanary(`the private key of the ${who}`, decodeSuiPrivateKey(text).secretKey, text))
    }

    const listener = await world.listen()
    await run('operator', ['stake', ...NODE, '--amount', '1sui', '--json'])
    await sealAs('operator', NODE)
    const bin = world.ready.kubernetes.joinPartner?.bin ?? ''
    const joined = world.start('operator', [
      'join',
      ...NODE,
      '--k3s-bin',
      bin,
      '--heartbeat-interval',
      '1',
      '--json',
    ])
    await joined.waitFor('joined')
    await run('user', ['stake', '--user', '--amount', '10sui', '--json'])
    await sealAs('user', ['--user'])
    await run('operator', ['seal', ...NODE])
    await run('user', ['status', '--user'])
    if (kubectl !== null) {
      const manifest = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {name: 'canary'},
        data: {text: bodyCanary},
      }
      await writeFile(join(world.home.dir, 'canary.json'), JSON.stringify(manifest), {mode: 0o600})
      await run('user', ['kubectl', 'create', '-f', 'canary.json'])
      assert.match(
        await run('user', ['kubectl', 'get', 'configmap', 'canary', '-o', 'json']),
        new RegExp(bodyCanary),
      )
      outputs.pop()
    }

    const keys = join(world.home.dir, '.local/share/daas/listener', world.ready.cluster, 'keys.json')
    const {hpke, tls} = JSON.parse(await readFile(keys, 'utf8')) as {
      hpke: {privateKey: string}
      tls: {keyPem: string}
    }
    canaries.push(
      bytesCanary('the HPKE key of the listener', Buffer.from(hpke.privateKey, 'base64'), hpke.privateKey),
    )
    canaries.push(textCanary('the TLS key of the listener', tls.keyPem.split('\n')[1] ?? ''))
    await run('admin', ['slash', 'canary-1', '--reason', 'drill', '--yes'])
    await joined.ended
    for (const each of [world.devnet, listener, joined]) {
      outputs.push({name: `pid ${each.pid}`, text: `${each.stdout()}\n${each.stderr()}`})
    }
  })

  after(async function () {
    this.timeout(60_000)
    over.abort()
    await sampling
    await world?.close()
  })

  it('nothing of them is printed or logged, at the finest level', () => {
    const logged = outputs.map(({text}) => text).join('\n')
    assert.match(logged, /"level":"(trace|debug)"/)
    const found = outputs.map(({name, text}) => [
      name,
      canariesIn(text, [...canaries, textCanary('a body', bodyCanary)]),
    ])
    assert.deepEqual(
      found.filter(([, names]) => names?.length),
      [],
    )
  })

  it('nothing of them is in the command line or environment of any process that was started', () => {
    const all = [...seen.values()]
    // The watch has seen what it is there for.
    assert.ok(
      all.some((text) => text.includes('agent.yaml')),
      'no agent was seen',
    )
    if (kubectl !== null)
      assert.ok(
        all.some((text) => /\bkubectl (create|get) .*\n[^]*KUBECONFIG=/.test(text)),
        'no kubectl was seen',
      )
    const found = all.filter((text) => canariesIn(text, canaries).length > 0)
    assert.deepEqual(found, [])
  })

  it('nothing of them is in a file that others can read', async () => {
    const entries = await readdir(world.home.dir, {recursive: true, withFileTypes: true})
    const files = entries.filter((each) => each.isFile()).map(({parentPath, name}) => join(parentPath, name))
    const open: string[] = []
    let secret = 0
    for (const file of files) {
      const found = canariesIn(await readFile(file), canaries)
      if (found.length === 0) continue
      secret += 1
      if (((await stat(file)).mode & 0o077) !== 0) open.push(`${file}: ${found.join(', ')}`)
    }
    assert.ok(secret >= 6, 'the key and token files are found')
    assert.deepEqual(open, [])
  })

  it('nothing of them is on chain, nor is a body of kubectl', async function () {
    this.timeout(30_000)
    const all = [...canaries, textCanary('a body', bodyCanary)]
    const found = new Set<string>()
    let digests = 0
    let bytes = 0
    let names = 0
    for await (const checkpoint of checkpointsOf(createSuiClient({url: world.ready.rpcUrl}))) {
      digests += checkpoint.transactions.length
      for (const leaf of leavesOf(checkpoint)) {
        bytes += leaf.length
        names += Buffer.from(leaf).includes('canary-1') ? 1 : 0
        for (const name of canariesIn(leaf, all)) found.add(name)
      }
    }
    // What is to be there is found: the search is no empty one.
    assert.ok(
      digests > 12 && bytes > 10_000 && names > 3,
      `${digests} transactions, ${bytes} bytes, ${names} names`,
    )
    assert.deepEqual([...found], [])
  })
})

/** Keeps every command line and environment of what this process has started, directly or not. */
async function sample(seen: Map<string, string>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const {pid, cmdline, environ} of await viewFamily(process.pid)) {
      if (pid !== process.pid && cmdline !== '') seen.set(`${pid} ${cmdline}`, `${cmdline}\n${environ}`)
    }
    await sleep(40)
  }
}
