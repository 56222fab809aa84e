import assert from 'node:assert/strict'
import {mkdtemp, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parse} from 'yaml'
import {execCredential} from '../../../src/lib/gateway/credential.ts'
import {kubeconfigEntry} from '../../../src/lib/gateway/kubeconfig-entry.ts'
import {mergeKubeconfig} from '../../../src/lib/gateway/kubeconfig-merge.ts'
import {findGatewayRun, openGatewayRuntime, type GatewayRun} from '../../../src/lib/gateway/runtime.ts'

const NOW = Date.UTC(2026, 0, 1)
const run: GatewayRun = {
  version: 1,
  pid: 4242,
  url: 'http://127.0.0.1:7443',
  serverName: 'c1.daas.internal',
  caPem: 'PEM',
  cluster: `0x${'1'.repeat(64)}`,
  clusterName: 'one',
  address: `0x${'2'.repeat(64)}`,
  seal: `0x${'3'.repeat(64)}`,
  sealExpiresAtMs: NOW + 3_600_000,
  token: 'canary-token',
}
const plugin = {command: '/usr/bin/node', args: ['/daas/run.js'], dir: '/state'}
const entry = kubeconfigEntry({run, plugin})
const other = `# mine
apiVersion: v1
kind: Config
clusters:
  - name: work # keep
    cluster: {server: https://work}
users: null
contexts:
  - {name: work, context: {cluster: work, user: work}}
current-context: work
`

describe('kubeconfig of a gateway', () => {
  let dir: string
  let file: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-kubeconfig-'))
    file = join(dir, 'new', 'config')
  })
  afterEach(() => rm(dir, {recursive: true, force: true}))

  it('holds a credential plugin and no token', () => {
    assert.equal(JSON.stringify(entry).includes(run.token), false)
    assert.deepEqual(entry, {
      name: 'daas-one',
      cluster: {
        server: 'https://c1.daas.internal',
        'proxy-url': 'http://127.0.0.1:7443',
        'certificate-authority-data': 'UEVN',
      },
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: '/usr/bin/node',
          args: [
            ...['/daas/run.js', 'gateway', 'credential', '--cluster', run.cluster],
            ...['--address', run.address, '--dir', '/state'],
          ],
          interactiveMode: 'Never',
          installHint: 'daas is not where it was: run daas kubeconfig --merge again',
        },
      },
      context: {cluster: 'daas-one', user: 'daas-one'},
    })
  })

  it('makes a file of mode 0600, and is done the second time', async () => {
    assert.deepEqual(await mergeKubeconfig(file, entry, false), {
      file,
      changed: true,
      currentContext: 'daas-one',
    })
    const text = await readFile(file, 'utf8')
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.deepEqual(parse(text), {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{name: 'daas-one', cluster: entry.cluster}],
      users: [{name: 'daas-one', user: entry.user}],
      contexts: [{name: 'daas-one', context: entry.context}],
      'current-context': 'daas-one',
    })
    assert.equal((await mergeKubeconfig(file, entry, true)).changed, false)
    assert.equal(await readFile(file, 'utf8'), text)
  })

  it('leaves what others wrote as it is, follows links, and keeps the mode', async () => {
    const real = join(dir, 'real')
    const link = join(dir, 'link')
    await writeFile(real, other, {mode: 0o640})
    await symlink(real, link)
    assert.deepEqual(await mergeKubeconfig(link, entry, false), {
      file: real,
      changed: true,
      currentContext: 'work',
    })
    const text = await readFile(real, 'utf8')
    assert.ok(text.includes('# mine') && text.includes('# keep'))
    assert.equal((await stat(real)).mode & 0o777, 0o640)
    const merged = parse(text) as {clusters: {name: string}[]; users: {name: string}[]}
    assert.deepEqual(
      merged.clusters.map(({name}) => name),
      ['work', 'daas-one'],
    )
    assert.deepEqual(
      merged.users.map(({name}) => name),
      ['daas-one'],
    )
    const moved = kubeconfigEntry({run: {...run, url: 'http://127.0.0.1:9'}, plugin})
    assert.equal((await mergeKubeconfig(link, moved, true)).currentContext, 'daas-one')
    assert.equal((parse(await readFile(real, 'utf8')) as {clusters: unknown[]}).clusters.length, 2)
  })

  it('refuses what is no kubeconfig, and a locked one', async () => {
    const bad = join(dir, 'bad')
    for (const text of ['- a list', 'a: [', 'clusters: 7']) {
      await writeFile(bad, text)
      await assert.rejects(mergeKubeconfig(bad, entry, false), {code: 'DAAS-K101'})
      assert.equal(await readFile(bad, 'utf8'), text)
    }

    await writeFile(`${bad}.lock`, '')
    await assert.rejects(mergeKubeconfig(bad, entry, false), {code: 'DAAS-G124'})
  })
})

describe('credential of a gateway', () => {
  it('expires in five minutes, or with the seal', () => {
    const v1 = 'client.authentication.k8s.io/v1'
    const status = {token: run.token, expirationTimestamp: '2026-01-01T00:05:00Z'}
    assert.deepEqual(execCredential(run, undefined, NOW), {apiVersion: v1, kind: 'ExecCredential', status})
    const soon = execCredential({...run, sealExpiresAtMs: NOW + 1000}, '{"apiVersion":"v9"}', NOW)
    assert.deepEqual([soon.apiVersion, soon.status.expirationTimestamp], [v1, '2026-01-01T00:00:01Z'])
    const beta = execCredential(run, `{"apiVersion":"${v1}beta1"}`, NOW)
    assert.equal(beta.apiVersion, `${v1}beta1`)
  })
})

describe('runtime files of gateways', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-runtime-'))
  })
  afterEach(() => rm(dir, {recursive: true, force: true}))

  it('keep the identity, and name what runs', async () => {
    const alive = new Set([run.pid])
    const runtime = openGatewayRuntime(join(dir, 'gateways'), (pid) => alive.has(pid))
    assert.deepEqual(await runtime.running(), [])
    const identity = await runtime.identity(run)
    assert.deepEqual(await runtime.identity(run), identity)
    await runtime.announce(run)
    const place = join(dir, 'gateways', `${run.cluster}-${run.address}`)
    for (const file of ['run.json', 'identity.json'])
      assert.equal((await stat(join(place, file))).mode & 0o777, 0o600)
    assert.equal((await stat(place)).mode & 0o777, 0o700)
    assert.deepEqual(await findGatewayRun(runtime, {}), run)
    await assert.rejects(findGatewayRun(runtime, {address: '0x9'}), {code: 'DAAS-G121'})
    await runtime.announce({...run, address: '0x9'})
    await assert.rejects(findGatewayRun(runtime, {}), {code: 'DAAS-G122'})
    await runtime.withdraw({...run, address: '0x9'})
    alive.clear()
    await assert.rejects(findGatewayRun(runtime, {}), {code: 'DAAS-G121'})
    await writeFile(join(place, 'run.json'), '{"half":')
    alive.add(run.pid)
    assert.deepEqual(await runtime.running(), [])
  })
})
