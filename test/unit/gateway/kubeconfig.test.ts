import assert from 'node:assert/strict'
import {chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parse} from 'yaml'
import {execCredential} from '../../../src/lib/gateway/credential.ts'
import {parseServeSpecs} from '../../../src/lib/gateway/serve-spec.ts'
import {entryNameOf, kubeconfigEntry} from '../../../src/lib/gateway/kubeconfig-entry.ts'
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
  clientCertPem: 'CERT',
  clientKeyPem: 'canary-key',
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

  it('is for client certificates, and for clients without a proxy, on demand', () => {
    const {cluster, user} = kubeconfigEntry({run, plugin, clientCertificate: true, withoutProxy: true})
    assert.deepEqual(cluster, {
      server: 'https://127.0.0.1:7443/clusters/c1',
      'certificate-authority-data': 'UEVN',
    })
    const {args} = user.exec as {args: string[]}
    assert.equal(args.at(-1), '--client-certificate')
    assert.ok(!JSON.stringify(user).includes(run.clientKeyPem))
  })

  it('is named by the cluster, and by more where that is not one alone', () => {
    const bob = {...run, address: `0x${'b'.repeat(64)}`}
    const far = {...run, cluster: `0x${'c'.repeat(64)}`}
    assert.equal(entryNameOf(run, [run, {...run, clusterName: 'two'}]), 'daas-one')
    assert.equal(entryNameOf(bob, [run, bob]), 'daas-one-bbbbbbbb')
    assert.equal(entryNameOf(far, [run, far]), 'daas-one-22222222-cccccccc')
  })

  it('makes a file of mode 0600, and is done the second time', async () => {
    assert.deepEqual(await mergeKubeconfig(file, [entry], false), {
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
    assert.equal((await mergeKubeconfig(file, [entry], true)).changed, false)
    assert.equal(await readFile(file, 'utf8'), text)
  })

  it('leaves what others wrote as it is, follows links, and keeps the mode', async () => {
    const real = join(dir, 'real')
    const link = join(dir, 'link')
    await writeFile(real, other, {mode: 0o640})
    await symlink(real, link)
    assert.deepEqual(await mergeKubeconfig(link, [entry], false), {
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
    assert.equal((await mergeKubeconfig(link, [moved], true)).currentContext, 'daas-one')
    assert.equal((parse(await readFile(real, 'utf8')) as {clusters: unknown[]}).clusters.length, 2)
  })

  it('refuses what is no kubeconfig, and a locked one', async () => {
    const bad = join(dir, 'bad')
    for (const text of ['- a list', 'a: [', 'clusters: 7']) {
      await writeFile(bad, text)
      await assert.rejects(mergeKubeconfig(bad, [entry], false), {code: 'DAAS-K101'})
      assert.equal(await readFile(bad, 'utf8'), text)
    }

    await writeFile(`${bad}.lock`, '')
    await assert.rejects(mergeKubeconfig(bad, [entry], false), {code: 'DAAS-G124'})
  })
})

describe('credential of a gateway', () => {
  it('expires in five minutes, or with the seal', () => {
    const v1 = 'client.authentication.k8s.io/v1'
    const status = {token: run.token, expirationTimestamp: '2026-01-01T00:05:00Z'}
    assert.deepEqual(execCredential(run, 'token', undefined, NOW), {
      apiVersion: v1,
      kind: 'ExecCredential',
      status,
    })
    const soon = execCredential({...run, sealExpiresAtMs: NOW + 1000}, 'token', '{"apiVersion":"v9"}', NOW)
    assert.deepEqual([soon.apiVersion, soon.status.expirationTimestamp], [v1, '2026-01-01T00:00:01Z'])
    const beta = execCredential(run, 'token', `{"apiVersion":"${v1}beta1"}`, NOW)
    assert.equal(beta.apiVersion, `${v1}beta1`)
  })

  it('is a client certificate on demand, and then no token', () => {
    const {status} = execCredential(run, 'certificate', undefined, NOW)
    assert.deepEqual(status, {
      clientCertificateData: 'CERT',
      clientKeyData: 'canary-key',
      expirationTimestamp: '2026-01-01T00:05:00Z',
    })
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
    const authority = await runtime.authority()
    assert.deepEqual(await runtime.authority(), authority)
    assert.equal(await runtime.lastPort(run), 0)
    await runtime.savePort(run, 7443)
    assert.equal(await runtime.lastPort(run), 7443)
    await runtime.announce(run)
    const place = join(dir, 'gateways', `${run.cluster}-${run.address}`)
    for (const file of [join(place, 'run.json'), join(dir, 'gateways', 'authority.json')])
      assert.equal((await stat(file)).mode & 0o777, 0o600)
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

  it('make one authority, whoever comes first', async () => {
    const runtimes = Array.from({length: 5}, () => openGatewayRuntime(join(dir, 'gateways')))
    const [first, ...others] = await Promise.all(runtimes.map((runtime) => runtime.authority()))
    for (const other of others) assert.deepEqual(other, first)
    assert.deepEqual(await readdir(join(dir, 'gateways')), ['authority.json'])
  })

  it('are refused where others can read them', async () => {
    const runtime = openGatewayRuntime(dir, () => true)
    await runtime.announce(run)
    const file = join(dir, `${run.cluster}-${run.address}`, 'run.json')
    await chmod(file, 0o640)
    await assert.rejects(findGatewayRun(runtime, {}), {code: 'DAAS-G125', exitCode: 4})
  })
})

describe('whom a gateway is to serve', () => {
  it('is read from one text or several', () => {
    const [ann, bob] = [
      {cluster: '0xa', 'key-file': '/k=1'},
      {seal: '0xb', address: '0xc'},
    ]
    assert.deepEqual(parseServeSpecs(['cluster=0xa,key-file=/k=1', 'seal=0xb,address=0xc']), [ann, bob])
    assert.deepEqual(parseServeSpecs(['key-file=/k=1,cluster=0xa;seal=0xb,address=0xc']), [ann, bob])
  })

  for (const text of [
    '',
    'cluster',
    '=0xa',
    'cluster=',
    'cluster=0xa,cluster=0xb',
    'rpc-url=x',
    'seal=0xa;',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseServeSpecs([text]), {code: 'DAAS-G126'})
    })
  }
})
