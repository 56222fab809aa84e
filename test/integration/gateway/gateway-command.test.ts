import assert from 'node:assert/strict'
import {mkdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import {createServer, type AddressInfo} from 'node:net'
import {delimiter, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {CoreV1Api, KubeConfig} from '@kubernetes/client-node'
import {execa} from 'execa'
import which from 'which'
import {parse, stringify} from 'yaml'
import {startCliWorld, type CliWorld} from '../../helpers/cli-world.ts'
import {processesNaming} from '../../helpers/processes.ts'
import {skipFor} from '../../helpers/skip.ts'
import {BIN} from '../../helpers/run-daas.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
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

  it('is kubectl to whoever sends it signals: they pass, and so does the exit code', async function () {
    const kubectl = await which('kubectl', {nothrow: true})
    if (kubectl === null) skipFor(this, 'kubectl', 'npm run kube:build -- kubectl, and put it on PATH')
    const runs = (['SIGHUP', 'SIGTERM', 'SIGINT'] as const).map(async (signal) => {
      const proxy = world.start('user', ['kubectl', 'proxy', '--port=0'])
      await waitUntil('kubectl proxy serves', () => proxy.stdout().includes('Starting to serve'), 60_000)
      return (await proxy.stop(signal)).exitCode
    })
    assert.deepEqual(await Promise.all(runs), [129, 143, 130])
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

  describe('for several users and clusters at once', () => {
    let far: string
    let kubectl: string | null
    let contexts: {context: string; cluster: string; address: string}[]
    const configFile = (): string => join(world.home.dir, 'several.yaml')
    const say = async (
      context: string,
      ...args: string[]
    ): Promise<{exitCode?: number; stdout: string; stderr: string}> => {
      if (kubectl === null) throw new Error('no kubectl')
      const env = {HOME: world.home.dir, PATH: process.env.PATH, KUBECONFIG: configFile()}
      return execa(kubectl, ['--context', context, ...args], {env, extendEnv: false, reject: false})
    }
    /** Whose transactions were sent, since the last time. */
    let seen = 0
    const senders = (): string[] => {
      const sent = gateway.events.filter(({type}) => type === 'transaction')
      const recent = sent.slice(seen)
      seen = sent.length
      return [...new Set(recent.map(({cluster, address}) => `${String(cluster)} ${String(address)}`))]
    }

    before(async function () {
      kubectl = await which('kubectl', {nothrow: true})
      if (kubectl === null) skipFor(this, 'kubectl', 'npm run kube:build -- kubectl, and put it on PATH')
      const {people, package: packageId} = world.ready
      const args = ['--name', 'far', '--package', packageId, '--listener', people.listener.address, '--json']
      far = (await world.as('admin', ['cluster', 'create', ...args])).json<{cluster: string}>().cluster
      const listener = world.start(
        'listener',
        ['listen', '--kubeconfig', world.ready.kubernetes.kubeconfig, '--json'],
        {DAAS_CLUSTER: far, DAAS_STATE_DIR: join(world.home.dir, 'far-listener')},
      )
      await listener.waitFor('ready')
      for (const [who, amount, cluster] of [
        ['operator', '1sui', world.ready.cluster],
        ['user', '10sui', far],
      ] as const) {
        await world.as(who, ['stake', '--user', '--amount', amount, '--cluster', cluster])
        await world.as(who, ['seal', '--user', '--cluster', cluster])
      }
      const [user, operator] = [people.user.keyFile, people.operator.keyFile]
      await start(
        ...['--serve', `key-file=${user}`, '--serve', `key-file=${operator}`],
        ...['--serve', `cluster=${far},key-file=${user}`, '--port', '0'],
      )
    })
    after(async () => gateway.stop())

    it('are told of in one event, and an entry is written for each', async () => {
      const {user, operator} = world.ready.people
      const entries = (ready as Ready & {entries: {cluster: string; address: string; seal: string}[]}).entries
      const home = world.ready.cluster
      assert.deepEqual(
        entries.map(({cluster, address}) => [cluster, address]),
        [
          [home, user.address],
          [home, operator.address],
          [far, user.address],
        ],
      )
      assert.equal(new Set(entries.map(({seal}) => seal)).size, 3)
      const one = await world.as('user', ['kubeconfig', '--json'])
      assert.deepEqual([one.exitCode, one.json<Failure>().error.code], [2, 'DAAS-G122'])
      const all = await world.as('user', ['kubeconfig', '--all', '--merge', '--file', configFile(), '--json'])
      contexts = all.json<{entries: typeof contexts}>().entries
      const short = (address: string): string => address.slice(2, 10)
      assert.deepEqual(
        contexts.map(({context}) => context).sort(),
        [`daas-devnet-${short(user.address)}`, `daas-devnet-${short(operator.address)}`, 'daas-far'].sort(),
      )
    })

    it('each sends by its own seal and key alone, and is who it is', async () => {
      senders()
      for (const {context, cluster, address} of contexts) {
        const whoami = await say(context, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')
        assert.deepEqual([whoami.stdout, whoami.exitCode], [`sui:${address}`, 0], whoami.stderr)
        const got = await say(context, 'get', 'cm', 'from-client-node', '-o', 'name')
        assert.deepEqual([got.stdout, got.exitCode], ['configmap/from-client-node', 0], got.stderr)
        assert.deepEqual(senders(), [`${cluster} ${address}`])
      }
      const viewer = contexts.find(({address}) => address === world.ready.people.operator.address)
      const refused = await say(viewer?.context ?? '', 'delete', 'cm', 'from-client-node')
      assert.match(refused.stderr, /is forbidden/)
    })

    it('a client certificate serves as well as a token, and so does a client without a proxy', async () => {
      const file = configFile()
      const merge = ['kubeconfig', '--merge', '--file', file, '--cluster', far]
      for (const [name, ...flags] of [
        ['certificate', '--client-certificate'],
        ['both', '--without-proxy', '--client-certificate'],
      ] as const) {
        assert.equal((await world.as('user', [...merge, '--name', name, ...flags])).exitCode, 0)
        senders()
        const got = await say(name, 'get', 'cm', 'from-client-node', '-o', 'name')
        assert.deepEqual([got.stdout, got.exitCode], ['configmap/from-client-node', 0], got.stderr)
        assert.deepEqual(senders(), [`${far} ${world.ready.people.user.address}`])
      }
      const text = await readFile(file, 'utf8')
      assert.ok(!/token:|client-key-data|PRIVATE KEY/.test(text))
    })

    it('the credential of one is nothing to another cluster: 401, and nothing is sent', async () => {
      const away = contexts.find(({cluster}) => cluster === far)?.context ?? ''
      const home = contexts.find(({cluster}) => cluster !== far)?.context ?? ''
      const config = parse(await readFile(configFile(), 'utf8')) as {
        contexts: {name: string; context: object}[]
      }
      const swapped = {name: 'swapped', context: {cluster: away, user: home}}
      await writeFile(configFile(), stringify({...config, contexts: [...config.contexts, swapped]}))
      senders()
      const refused = await say('swapped', 'get', '--raw', '/api/v1/namespaces')
      assert.equal(refused.exitCode, 1)
      assert.match(refused.stderr, /Unauthorized|logged in/)
      assert.deepEqual(senders(), [])
    })

    it('hands its credential to its own user of the machine alone', async function () {
      if (process.getuid?.() !== 0) skipFor(this, 'root', 'run it as root')
      const dir = join(world.home.dir, '.local/share/daas/gateways')
      const run = await execa(
        process.execPath,
        [BIN, 'gateway', 'credential', '--cluster', far, '--dir', dir],
        {
          env: {HOME: '/nonexistent', PATH: process.env.PATH, XDG_CACHE_HOME: '/nonexistent'},
          ...{extendEnv: false, reject: false, uid: 65_534, gid: 65_534, cwd: '/'},
        },
      )
      assert.notEqual(run.exitCode, 0)
      assert.match(run.stderr, /DAAS-G125/)
      assert.equal(run.stdout, '')
    })

    it('refuses to serve anyone twice', async () => {
      const {keyFile} = world.ready.people.admin
      const twice = ['--serve', `key-file=${keyFile}`, '--serve', `key-file=${keyFile}`]
      const run = await world.as('user', ['gateway', '--json', ...twice])
      assert.deepEqual([run.exitCode, (JSON.parse(run.stdout) as Failure).error.code], [2, 'DAAS-G127'])
    })
  })
})
