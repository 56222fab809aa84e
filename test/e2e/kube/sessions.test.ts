import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readFile, writeFile} from 'node:fs/promises'
import {connect} from 'node:net'
import {join} from 'node:path'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import type {KubectlResult} from '../../../src/lib/gateway/kubectl.ts'
import {freePorts} from '../../../src/lib/devnet/kube/free-ports.ts'
import {type KubectlUser, type KubectlWorld, startKubectlWorld} from './kubectl-world.ts'
import {until} from './rig.ts'
import {NODE, POD, startPodNode} from './sessions-world.ts'
import {terminalTests} from './terminal-tests.ts'

describe('streams of kubectl through sessions, on a real kubelet', function () {
  this.timeout(180_000)
  let world: KubectlWorld
  let user: KubectlUser

  before(async function () {
    world = await startKubectlWorld(this, async (admin, {kubernetes, dir, closers}) => {
      closers.push(await startPodNode({context: this, kubernetes, admin, dir}))
    })
    user = await world.user('user', 10_000_000_000n)
  })
  after(async () => world?.close())

  /** Runs kubectl until something holds, then interrupts it as Ctrl-C does. */
  const runUntil = async (
    args: string[],
    holds: (said: string) => boolean | Promise<boolean>,
  ): Promise<KubectlResult> => {
    const stop = new AbortController()
    let said = ''
    const onOutput = (text: string): void => {
      said += text
    }
    const run = user.chain(args, {signal: stop.signal, onOutput})
    try {
      await until(args.join(' '), async () => holds(said), 40_000)
    } finally {
      stop.abort(daasError('INTERRUPTED', {signal: 'SIGINT'}))
    }

    return run
  }

  it('get -w and wait see what happens as it happens', async () => {
    const maps = '/api/v1/namespaces/default/configmaps'
    const body = {metadata: {name: 'watched'}, data: {k: 'first'}}
    await world.admin.json({method: 'POST', path: maps, body})
    const condition = '--for=jsonpath={.data.k}=second'
    const waiting = user.chain(['wait', condition, 'configmap/watched', '--timeout=40s'])
    let isChanged = false
    const {stdout} = await runUntil(['get', 'configmaps', '-w', '-o', 'name'], async (said) => {
      const seen = said.split('\n').filter((line) => line === 'configmap/watched')
      // It lists first, and is told of what comes then.
      if (seen.length > 0 && !isChanged) {
        isChanged = true
        await world.admin.json({method: 'PATCH', path: `${maps}/watched`, body: {data: {k: 'second'}}})
      }

      return seen.length >= 2
    })
    assert.match(stdout, /^configmap\/watched\n[^]*configmap\/watched\n$/m)
    assert.deepEqual(await waiting, {exitCode: 0, stdout: 'configmap/watched condition met\n', stderr: ''})
  })

  it('logs -f follow', async () => {
    const ticksOf = (said: string): number =>
      said.split('\n').filter((line) => line.startsWith('tick ')).length
    const {stdout} = await runUntil(['logs', '-f', POD, '--tail=1'], (said) => ticksOf(said) >= 5)
    assert.ok(ticksOf(stdout) >= 5)
  })

  it('exec gives stdin, stdout, stderr and the exit code', async () => {
    const sent = randomBytes(50_000).toString('hex')
    const echoed = await user.chain(['exec', '-i', POD, '--', '/bin/cat'], {input: sent})
    assert.equal(echoed.exitCode, 0, echoed.stderr)
    assert.equal(echoed.stdout, sent)
    const failed = await user.chain(['exec', POD, '--', '/bin/tool', 'exit'])
    assert.equal(failed.exitCode, 7, failed.stderr)
    assert.match(failed.stderr, /leaving/)
  })

  it('exec goes by SPDY where WebSockets are turned off', async () => {
    const env = {KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false'}
    const echoed = await user.chain(['exec', '-i', POD, '--', '/bin/cat'], {input: 'spdy', env})
    assert.deepEqual(echoed, {exitCode: 0, stdout: 'spdy', stderr: ''})
  })

  it('cp carries files both ways', async () => {
    const [from, to] = [join(world.dir, 'from.bin'), join(world.dir, 'to.bin')]
    const bytes = randomBytes(2_000_000)
    await writeFile(from, bytes)
    const up = await user.chain(['cp', from, `default/${POD}:/tmp/there.bin`])
    assert.equal(up.exitCode, 0, up.stderr)
    const down = await user.chain(['cp', `default/${POD}:/tmp/there.bin`, to])
    assert.equal(down.exitCode, 0, down.stderr)
    assert.ok((await readFile(to)).equals(bytes))
  })

  it('attach hears and is heard', async () => {
    // Where its stdin ends, containerd detaches the rest: hearing and being heard are tried one by one.
    const attached = await user.chain(['attach', '-i', POD], {input: 'hello\n'})
    assert.equal(attached.exitCode, 0, attached.stderr)
    await until(
      'the pod has heard it',
      async () => (await user.chain(['logs', POD, '--tail=200'])).stdout.includes('heard hello'),
      20_000,
    )
    const {stdout} = await runUntil(['attach', POD], (said) => /tick \d+\n/.test(said))
    assert.match(stdout, /tick \d+/)
  })

  it('port-forward carries connections', async () => {
    const [port] = (await freePorts(1)) as [number]
    const bytes = randomBytes(300_000)
    let seen: Buffer = Buffer.alloc(0)
    await runUntil(['port-forward', POD, `${port}:8080`, '--address', '127.0.0.1'], async () => {
      seen = await echoOnce(port, bytes)
      return seen.length === bytes.length
    })
    assert.ok(seen.equals(bytes))
  })

  it('a seal that reads cannot open a shell, nor can it forward', async () => {
    const reader = await world.user('operator', 1_000_000_000n)
    const refused = await reader.chain(['exec', POD, '--', '/bin/cat'])
    assert.notEqual(refused.exitCode, 0)
    assert.match(refused.stderr, /pods\/exec|create:pods\/exec/)
    const nodes = await reader.chain(['get', 'nodes', '-o', 'name'])
    assert.equal(nodes.stdout, `node/${NODE}\n`)
  })

  describe('on a terminal', () => terminalTests(() => ({world, user})))
})

async function echoOnce(port: number, bytes: Buffer): Promise<Buffer> {
  const {promise, resolve} = Promise.withResolvers<Buffer>()
  const parts: Buffer[] = []
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
  const done = (): void => resolve(Buffer.concat(parts))
  let size = 0
  socket.on('data', (part: Buffer) => {
    parts.push(part)
    size += part.length
    if (size >= bytes.length) done()
  })
  socket.on('error', done)
  socket.on('close', done)
  const late = setTimeout(done, 5000)
  const got = await promise
  clearTimeout(late)
  socket.destroy()
  return got
}
