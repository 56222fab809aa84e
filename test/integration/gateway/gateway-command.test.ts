import assert from 'node:assert/strict'
import {mkdir, readFile, stat, symlink} from 'node:fs/promises'
import {createServer, type AddressInfo} from 'node:net'
import {delimiter, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {CoreV1Api, KubeConfig} from '@kubernetes/client-node'
import {execa} from 'execa'
import which from 'which'
import {startCliWorld, type CliWorld} from '../../helpers/cli-world.ts'
import {processesNaming} from '../../helpers/processes.ts'
import {skipFor} from '../../helpers/skip.ts'
import type {RunningDaas} from '../../helpers/start-daas.ts'

interface Ready {
  type: 'ready'
  url: string
  server: string
  cluster: string
  address: string
  seal: string
}

interface Failure {
  error: {code: string; exitCode: number}
}

describe('daas gateway and daas kubeconfig', function () {
  this.timeout(120_000)
  let world: CliWorld
  let gateway: RunningDaas
  let ready: Ready
  let kubeconfig: string
  const tokenOf = async (): Promise<string> => {
    const name = `${ready.cluster}-${ready.address}`
    const file = join(world.home.dir, '.local/share/daas/gateways', name, 'run.json')
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    return (JSON.parse(await readFile(file, 'utf8')) as {token: string}).token
  }
  const start = async (...args: string[]): Promise<void> => {
    gateway = world.start('user', ['gateway', '--json', ...args])
    ready = await gateway.waitFor<Ready>('ready')
  }

  before(async () => {
    world = await startCliWorld()
    kubeconfig = join(world.home.dir, 'standalone.yaml')
    await world.listen()
    await world.as('user', ['stake', '--user', '--amount', '10sui'])
    await world.as('user', ['seal', '--user'])
  })
  after(() => world?.close())

  it('refuse while no gateway runs: exit 69', async () => {
    for (const args of [['kubeconfig'], ['kubeconfig', '--merge'], ['gateway', 'credential']]) {
      const run = await world.as('user', [...args, '--json'])
      assert.deepEqual([run.exitCode, run.json<Failure>().error.code], [69, 'DAAS-G121'])
    }
  })

  it('refuse a port that is taken, and a --file without --merge', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const {port} = server.address() as AddressInfo
    const run = await world.as('user', ['gateway', '--port', String(port), '--json'])
    await new Promise((resolve) => server.close(resolve))
    const {error} = JSON.parse(run.stdout) as Failure
    assert.deepEqual([run.exitCode, error.code], [69, 'DAAS-G120'])
    const file = await world.as('user', ['kubeconfig', '--file', 'x', '--json'])
    assert.deepEqual([file.exitCode, file.json<Failure>().error.code], [2, 'DAAS-U110'])
  })

  it('serve @kubernetes/client-node by proxy-url and credential plugin', async () => {
    await start('--write-kubeconfig', kubeconfig)
    assert.ok(!(await readFile(kubeconfig, 'utf8')).includes(await tokenOf()))
    assert.equal((await stat(kubeconfig)).mode & 0o777, 0o600)
    const config = new KubeConfig()
    config.loadFromFile(kubeconfig)
    const api = config.makeApiClient(CoreV1Api)
    const metadata = {name: 'from-client-node'}
    await api.createNamespacedConfigMap({namespace: 'default', body: {metadata, data: {k: 'v'}}})
    const read = await api.readNamespacedConfigMap({namespace: 'default', name: 'from-client-node'})
    assert.deepEqual(read.data, {k: 'v'})
    await assert.rejects(api.readNamespacedConfigMap({namespace: 'default', name: 'none'}), {code: 404})
    const sent = gateway.events.filter(({type}) => type === 'transaction')
    assert.ok(sent.length >= 3)
    assert.match(String(sent[0]?.digest), /^\w{43,44}$/)
  })

  it('refuses a second gateway for the same cluster and address', async () => {
    const run = await world.as('user', ['gateway', '--json'])
    assert.deepEqual([run.exitCode, (JSON.parse(run.stdout) as Failure).error.code], [2, 'DAAS-G123'])
  })

  it('serves the stock kubectl by a merged kubeconfig, also after a restart', async function () {
    const kubectl = await which('kubectl', {nothrow: true})
    if (kubectl === null) skipFor(this, 'kubectl', 'npm run kube:build -- kubectl, and put it on PATH')
    const ask = async (): Promise<string> => {
      const env = {HOME: world.home.dir, PATH: process.env.PATH}
      const run = await execa(kubectl, ['get', 'cm', 'from-client-node', '-o', 'jsonpath={.data.k}'], {
        env,
        extendEnv: false,
        reject: false,
      })
      return run.exitCode === 0 ? run.stdout : run.stderr
    }
    await mkdir(join(world.home.dir, '.kube'), {recursive: true})
    const merge = ['kubeconfig', '--merge', '--json']
    const merged = (await world.as('user', merge)).json()
    assert.deepEqual(
      {changed: merged.changed, context: merged.currentContext, proxy: merged.proxyUrl},
      {changed: true, context: 'daas-devnet', proxy: ready.url},
    )
    assert.equal((await world.as('user', merge)).json().changed, false)
    assert.equal(await ask(), 'v')
    const before = [ready.url, await tokenOf()]
    assert.equal((await gateway.stop()).exitCode, 0)
    assert.match(await ask(), /DAAS-G121/)
    await start()
    assert.equal(ready.url, before[0])
    assert.notEqual(await tokenOf(), before[1])
    assert.equal(await ask(), 'v')
  })

  it('is a plugin of kubectl: kubectl daas status', async function () {
    const kubectl = await which('kubectl', {nothrow: true})
    if (kubectl === null) skipFor(this, 'kubectl', 'npm run kube:build -- kubectl, and put it on PATH')
    const bin = join(world.home.dir, 'bin')
    await mkdir(bin)
    await symlink(
      fileURLToPath(new URL('../../../bin/kubectl-daas.js', import.meta.url)),
      join(bin, 'kubectl-daas'),
    )
    const env = {
      ...world.envOf('user'),
      HOME: world.home.dir,
      PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    }
    const run = await execa(kubectl, ['daas', 'status', '--user', '--json'], {env, extendEnv: false})
    assert.equal((JSON.parse(run.stdout) as {healthy: boolean}).healthy, true)
  })

  it('prints a kubeconfig, and an ExecCredential, on stdout alone', async () => {
    const printed = await world.as('user', ['kubeconfig', '--name', 'x', '--namespace', 'ns'])
    const config = new KubeConfig()
    config.loadFromString(printed.stdout)
    assert.deepEqual([config.currentContext, config.getContextObject('x')?.namespace], ['x', 'ns'])
    assert.ok(!printed.stdout.includes(await tokenOf()))
    const plugin = await world.as('user', ['gateway', 'credential'])
    const {kind, status} = plugin.json<{kind: string; status: {token: string; expirationTimestamp: string}}>()
    assert.deepEqual([kind, status.token], ['ExecCredential', await tokenOf()])
    assert.ok(Date.parse(status.expirationTimestamp) > Date.now())
    assert.equal(plugin.stderr, '')
  })

  it('keeps its token out of every command line, environment and output', async () => {
    const token = await tokenOf()
    assert.deepEqual(await processesNaming(token), [])
    await gateway.stop()
    assert.ok(!`${gateway.stdout()}${gateway.stderr()}`.includes(token))
  })
})
