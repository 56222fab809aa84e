import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, readdir, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, before, describe, it} from 'mocha'
import {startEmbeddedKubernetes} from '../../../src/lib/devnet/kube/embedded/embedded-kubernetes.ts'
import {DaasError, daasError} from '../../../src/lib/errors/daas-error.ts'
import {findKubectl, runKubectl, type KubectlRun} from '../../../src/lib/gateway/kubectl.ts'
import {statusResponse} from '../../../src/lib/gateway/status.ts'
import {forwardTo} from './support/forward.ts'
import {createRig, type Rig} from './support/rig.ts'

/** Kubernetes' own words (metav1.StatusReason). */
const REASONS: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'RequestEntityTooLarge',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

describe('kubectl through a gateway', function () {
  this.timeout(60_000)
  let rig: Rig

  before(async function () {
    try {
      await findKubectl({env: process.env})
    } catch (error) {
      assert.ok(error instanceof DaasError)
      this.skip()
    }
  })
  afterEach(async () => rig.close())

  const kubectl = (args: string[], more: Partial<KubectlRun> = {}) =>
    runKubectl({args, gateway: rig.gateway, cacheDir: rig.cacheDir, env: process.env, stdio: 'pipe', ...more})
  const lists = () => rig.kube.seen.filter((line) => line.endsWith('/configmaps')).length
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  it('creates, gets, applies, prints, asks and deletes on the embedded Kubernetes', async () => {
    const embedded = await startEmbeddedKubernetes()
    rig = await createRig({handle: forwardTo(embedded)})
    try {
      const created = await kubectl(['create', 'configmap', 'hello', '--from-literal=k=v'])
      assert.deepEqual(created, {exitCode: 0, stdout: 'configmap/hello created\n', stderr: ''})
      const listed = await kubectl(['get', 'cm', '-o', 'name'])
      assert.match(listed.stdout, /^configmap\/hello$/m)
      const table = await kubectl(['get', 'cm'])
      assert.match(table.stdout, /^NAME +DATA +AGE\n(.*\n)*hello +1 /)
      const input = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hello}\ndata: {k: w}\n'
      const applied = await kubectl(['apply', '-f', '-'], {input})
      assert.equal(applied.exitCode, 0, applied.stderr)
      assert.equal(applied.stdout, 'configmap/hello configured\n')
      const yaml = await kubectl(['get', 'configmap', 'hello', '-o', 'yaml'])
      assert.match(yaml.stdout, /^data:\n {2}k: w$/m)
      const can = await kubectl(['auth', 'can-i', 'delete', 'configmaps'])
      assert.deepEqual(can, {exitCode: 0, stdout: 'yes\n', stderr: ''})
      const deleted = await kubectl(['delete', 'cm', 'hello'])
      assert.equal(deleted.exitCode, 0, deleted.stderr)
      assert.match(deleted.stdout, /^configmap "hello" deleted/)
      const gone = await kubectl(['get', 'cm', 'hello'])
      assert.equal(gone.exitCode, 1)
      assert.match(gone.stderr, /NotFound/)
    } finally {
      await embedded.close()
    }
  })

  it('asks the chain once where discovery is known', async () => {
    rig = await createRig()
    await kubectl(['get', 'cm'])
    const before = rig.chain.batches.length
    rig.gateway = await rig.again()
    assert.equal((await kubectl(['get', 'cm'])).exitCode, 0)
    assert.equal(rig.chain.batches.length - before, 1)
  })

  it('is not led astray by proxy variables', async () => {
    rig = await createRig()
    const env = {...process.env, NO_PROXY: '*', HTTPS_PROXY: 'http://127.0.0.1:9', KUBECONFIG: '/nowhere'}
    assert.equal((await kubectl(['get', '--raw', '/api'], {env})).exitCode, 0)
  })

  it('watches: what changes is seen, until the client ends it', async () => {
    rig = await createRig()
    rig.kube.put('default', 'first', {})
    const watching = kubectl(['get', 'cm', '-w', '--output-watch-events', '--request-timeout=6s'])
    await until(() => lists() >= 2)
    rig.kube.put('default', 'second', {})
    rig.kube.remove('default', 'first')
    const {stdout} = await watching
    const lines = stdout.trim().split('\n')
    assert.deepEqual(
      lines.map((line) => line.split(/\s+/).join(' ')),
      ['EVENT NAME', 'ADDED first', 'DELETED first', 'ADDED second'],
    )
  })

  it('waits for a deletion', async () => {
    rig = await createRig()
    rig.kube.put('default', 'slow', {})
    const waiting = kubectl(['wait', '--for=delete', 'cm/slow', '--timeout=20s'])
    await until(() => lists() >= 2)
    rig.kube.remove('default', 'slow')
    const {exitCode, stderr} = await waiting
    assert.equal(exitCode, 0, stderr)
  })

  it('passes exit codes on, and prints what the seal does not permit', async () => {
    rig = await createRig({permissions: ['get:*', 'list:*']})
    const refused = await kubectl(['create', 'configmap', 'x'])
    assert.equal(refused.exitCode, 1)
    assert.match(refused.stderr, /configmaps is forbidden: .* cannot create resource "configmaps"/)
    const can = await kubectl(['auth', 'can-i', 'delete', 'configmaps'])
    assert.deepEqual([can.exitCode, can.stdout], [1, 'no - the seal token does not permit it\n'])
  })

  it('prints each refusal of chain, listener and cluster as it prints those of an API server', async () => {
    let answer: number | undefined
    rig = await createRig({
      permissions: ['get:*', 'list:*'],
      handle: async (request) =>
        answer === undefined || !request.path.includes('/configmaps')
          ? rig.kube.handle(request)
          : statusResponse({code: answer, reason: REASONS[answer] ?? '', message: 'as the cluster says'}),
    })
    await kubectl(['get', 'cm'])
    const said = async (): Promise<string> => {
      const {exitCode, stderr} = await kubectl(['get', 'cm'])
      assert.equal(exitCode, 1)
      return stderr
    }
    for (const [code, reason] of Object.entries(REASONS)) {
      answer = Number(code)
      assert.match(
        await said(),
        code === '401'
          ? /logged in to the server \(as the cluster/
          : new RegExp(`\\(${reason}\\): .*as the cluster`),
      )
    }

    answer = undefined
    const abort = (name: string): DaasError => {
      const places = {module: 'k8s_gateway', name, sentence: 'no', next: 'nothing'}
      return daasError('MOVE_ABORT', places, {details: {abort: name, digest: 'D1'}})
    }
    for (const [error, words] of [
      [abort('ERROR_INVALID_SEAL'), /logged in to the server \(.*ERROR_INVALID_SEAL/],
      [abort('ERROR_GRANT_REVOKED'), /logged in to the server \(.*ERROR_GRANT_REVOKED/],
      [abort('ERROR_INSUFFICIENT_STAKE'), /\(Forbidden\).*ERROR_INSUFFICIENT_STAKE/],
      [abort('ERROR_INVALID_ENVELOPE'), /\(RequestEntityTooLarge\)/],
      [abort('ERROR_DUPLICATE_REQUEST'), /\(Conflict\)/],
      [abort('E_PAUSED'), /\(ServiceUnavailable\)/],
      [daasError('RPC_UNREACHABLE', {url: 'http://127.0.0.1:1', cause: 'ECONNREFUSED'}), /\(BadGateway\)/],
      [daasError('GATEWAY_TIMEOUT', {seconds: 30}), /\(Timeout\)/],
    ] as const) {
      rig.chain.refuse = () => {
        throw error
      }

      assert.match(await said(), words, error.message)
    }
  })

  it('ends kubectl by a signal, and leaves no kubeconfig behind', async () => {
    rig = await createRig()
    const abort = new AbortController()
    const running = kubectl(['get', '--raw', '/api/v1/blackholes'], {signal: abort.signal})
    await until(() => rig.kube.seen.includes('GET /api/v1/blackholes'))
    const runs = join(rig.cacheDir, 'runs')
    const [during = '', ...others] = await readdir(runs)
    assert.deepEqual([during.split('-')[0], others], [String(process.pid), []])
    assert.equal((await stat(join(runs, during, 'config'))).mode & 0o777, 0o600)
    abort.abort(daasError('TERMINATED', {}))
    assert.equal((await running).exitCode, 143)
    assert.deepEqual(await readdir(runs), [])
  })

  it('removes the kubeconfigs of those that were killed, and of nobody else', async () => {
    rig = await createRig()
    const runs = join(rig.cacheDir, 'runs')
    const killed = spawn(process.execPath, ['-e', ''])
    await once(killed, 'exit')
    for (const pid of [killed.pid, process.ppid]) {
      await mkdir(join(runs, `${pid}-abc`), {recursive: true})
      await writeFile(join(runs, `${pid}-abc`, 'config'), 'token')
    }

    assert.equal((await kubectl(['version', '--client'])).exitCode, 0)
    assert.deepEqual(await readdir(runs), [`${process.ppid}-abc`])
  })

  it('says that kubectl is missing', async () => {
    rig = await createRig()
    await assert.rejects(
      kubectl(['get', 'cm'], {env: {PATH: '/nowhere'}}),
      (error: unknown) =>
        error instanceof DaasError && error.errorName === 'KUBECTL_MISSING' && error.exitCode === 69,
    )
  })
})
