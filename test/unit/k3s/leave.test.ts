import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {homedir, tmpdir} from 'node:os'
import {join} from 'node:path'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {type DaasError, daasError} from '../../../src/lib/errors/daas-error.ts'
import {killall, type KillallHost} from '../../../src/lib/k3s/killall.ts'
import {leaveCluster} from '../../../src/lib/k3s/leave-cluster.ts'
import {liveProcesses, openNodeState} from '../../../src/lib/k3s/node-state.ts'
import {isSameProcess, markProcess} from '../../../src/lib/k3s/process-mark.ts'
import {listRemovals} from '../../../src/lib/k3s/purge.ts'
import {createRestartBudget} from '../../../src/lib/k3s/restarts.ts'
import {findEarlier} from '../../../src/lib/k3s/resume.ts'
import {stopProcess} from '../../../src/lib/k3s/stop-process.ts'
import {type LeaveRequest, verifyLeave} from '../../../src/lib/seal/leave.ts'

const signal = new AbortController().signal
const known = {
  node: 'w1',
  cluster: '0x1',
  status: 'joined' as const,
  dataDir: '/nowhere/w1',
  rootless: false,
}

describe('what a node leaves on its machine', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-leave-'))
  })
  afterEach(() => rm(dir, {recursive: true, force: true}))

  const sleeper = async (trap = ''): Promise<{pid: number; exited: Promise<unknown>}> => {
    const child = spawn('sh', ['-c', `${trap} echo up; while :; do sleep 0.05; done`], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    await once(child.stdout, 'data')
    return {pid: child.pid!, exited: once(child, 'exit')}
  }

  it('is kept in a file of its own, readable by nobody else, which may be missing but not be broken', async () => {
    const file = openNodeState(join(dir, 'w1'), () => 0)
    assert.equal(await file.read(), undefined)
    await file.amend(known)
    assert.equal(await file.read(), undefined)
    await file.update({...known, keeper: {pid: 1, startedAt: 'x'}})
    await file.update({keeper: undefined, stake: '0x2'})
    assert.deepEqual(await file.read(), {
      ...known,
      version: 1,
      stake: '0x2',
      updatedAt: '1970-01-01T00:00:00.000Z',
    })
    assert.equal((await stat(file.file)).mode & 0o777, 0o600)
    await writeFile(file.file, '{"version": 2}')
    await assert.rejects(file.read(), {code: 'DAAS-J117'})
  })

  it('knows a process from another that got its id', async () => {
    const {pid, exited} = await sleeper()
    const mark = (await markProcess(pid))!
    assert.equal(await isSameProcess(mark), true)
    assert.equal(
      await stopProcess({...mark, startedAt: 'another'}, {graceMs: 100, group: true, signal}),
      'gone',
    )
    assert.deepEqual(
      await liveProcesses({...known, version: 1, updatedAt: '', agent: {...mark, startedAt: 'x'}}),
      {
        keeper: undefined,
        agent: undefined,
      },
    )
    assert.equal(await stopProcess(mark, {graceMs: 5000, group: true, signal}), 'stopped')
    await exited
    assert.equal(await stopProcess(mark, {graceMs: 100, group: true, signal}), 'gone')
    assert.equal(await markProcess(pid), undefined)
  })

  it('kills what does not end, and takes over from a join that was killed', async () => {
    const stubborn = await sleeper(`trap '' TERM;`)
    const file = openNodeState(join(dir, 'w1'))
    await file.update({...known, agent: await markProcess(stubborn.pid)})
    const earlier = await findEarlier(file, {cluster: '0x1', graceMs: 200, signal})
    assert.deepEqual([earlier.kind, earlier.kind === 'orphan' && earlier.pid], ['orphan', stubborn.pid])
    await stubborn.exited
    assert.equal((await findEarlier(file, {cluster: '0x1', graceMs: 200, signal})).kind, 'none')
    await file.update({status: 'joining', keeper: await markProcess(process.pid)})
    await assert.rejects(findEarlier(file, {cluster: '0x1', graceMs: 200, signal}), {code: 'DAAS-J118'})
    await file.update({status: 'joined', agent: await markProcess(process.pid)})
    assert.equal((await findEarlier(file, {cluster: '0x1', graceMs: 200, signal})).kind, 'joined')
    await assert.rejects(findEarlier(file, {cluster: '0x2', graceMs: 200, signal}), {code: 'DAAS-J118'})
  })

  it('is listed before it is removed, and only what an agent of ours has written to', async () => {
    const nodeDir = join(dir, 'w1')
    const dataDir = join(dir, 'agent')
    const file = openNodeState(nodeDir)
    const state = await file.update({...known, dataDir, rootless: true})
    const paths = async (purge: boolean): Promise<string[]> =>
      (await listRemovals(state, {nodeDir, purge})).map(({path}) => path)
    assert.deepEqual(await paths(false), [file.file])
    await mkdir(dataDir)
    await assert.rejects(paths(true), {code: 'DAAS-J122'})
    const written = ['join-token', 'agent.yaml'].map((name) => join(dataDir, name))
    for (const each of written) await writeFile(each, '')
    assert.deepEqual(await paths(true), [dataDir, nodeDir])
    assert.deepEqual(await paths(false), [...written, file.file])
    for (const bad of ['/', '/usr', homedir()]) {
      await assert.rejects(listRemovals({...state, dataDir: bad}, {nodeDir, purge: true}), {
        code: 'DAAS-J122',
      })
    }
  })

  it('of k3s is ended as its own script does, and left alone where another k3s shares it', async () => {
    const killed: number[] = []
    const runs: string[] = []
    const host = (foreign: boolean): KillallHost => ({
      processes: async () => [
        {pid: 10, parent: 1, command: '/data/k3s/data/abc/bin/containerd-shim-runc-v2 -id x'},
        {pid: 11, parent: 10, command: '/pause'},
        {pid: 12, parent: 11, command: 'sh'},
        {pid: 20, parent: 1, command: 'vi /data/k3s/data/abc/bin/containerd-shim-runc-v2'},
        ...(foreign ? [{pid: 30, parent: 1, command: '/other/data/abc/bin/containerd-shim-runc-v2'}] : []),
      ],
      mounts: async () => [
        '/',
        '/run/k3s/a',
        '/run/k3s/a/b',
        '/var/lib/kubelet/pods/x',
        '/run/k3s-not',
        '/var/lib/kubelet',
      ],
      links: async () => ['lo', 'eth0', 'cni0', 'flannel.1'],
      kill: (pid) => killed.push(pid),
      run: async (program, args, input) => {
        runs.push([program, ...args].join(' '))
        if (program === 'iptables-save')
          return {ok: true, stdout: '*filter\n-A KUBE-X\n-A INPUT\n-A CNI-y\nCOMMIT'}
        if (program === 'iptables-restore') assert.equal(input, '*filter\n-A INPUT\nCOMMIT')
        return {ok: program !== 'ip6tables-save', stdout: ''}
      },
    })
    assert.deepEqual(await killall(host(false), '/data/k3s'), {
      shims: 1,
      unmounted: ['/var/lib/kubelet/pods/x', '/run/k3s/a/b', '/run/k3s/a'],
      links: ['cni0', 'flannel.1'],
      rules: 2,
      shared: false,
    })
    assert.deepEqual(killed.splice(0), [10, 11, 12])
    assert.equal(runs.includes('ip6tables-restore'), false)
    runs.length = 0
    const shared = await killall(host(true), '/data/k3s')
    assert.deepEqual([shared.shims, shared.shared, runs], [1, true, []])
    assert.deepEqual(killed, [10, 11, 12])
  })
})

describe('leaving by the listener', () => {
  const options = {
    cluster: `0x${'1'.repeat(64)}`,
    nodeName: 'w1',
    stake: `0x${'2'.repeat(64)}`,
    sealToken: 'abc123.0123456789abcdef',
    signer: new Ed25519Keypair(),
    timeoutMs: 700,
    answerMs: 0,
    patienceMs: 100,
    now: () => performance.timeOrigin + performance.now(),
    signal,
    onDetail: () => undefined,
    drain: {force: false, deleteEmptyDirData: false},
  }

  it('is waited for as long as the caller has patience, and not for ever after it was taken', async () => {
    const gone = daasError('LISTENER_UNREACHABLE', {reason: 'gone'})
    const started = performance.now()
    const silent = {leave: () => Promise.reject(gone), status: () => Promise.reject(gone)}
    await assert.rejects(leaveCluster(silent, options), {code: 'DAAS-J115'})
    assert.ok(performance.now() - started < 600)
    const slow = {
      leave: async () => ({nodeName: 'w1', leaving: true}),
      status: async () => ({
        nodeName: 'w1',
        registered: false,
        nodeReady: true,
        evicted: false,
        leaving: true,
      }),
    }
    await assert.rejects(leaveCluster(slow, options), {code: 'DAAS-J121'})
  })

  it('says why a node stays, and what to do, in the words of the listener', async () => {
    const asked: LeaveRequest[] = []
    let leaving = true
    const kept = {
      leave: async (request: LeaveRequest) => {
        asked.push(request)
        return {nodeName: 'w1', leaving: true}
      },
      status: async () => {
        const answer = {nodeName: 'w1', registered: true, nodeReady: true, evicted: false, leaving}
        if (leaving) {
          leaving = false
          return answer
        }

        return {...answer, stays: {reason: 'a budget', remedy: 'more replicas'}}
      },
    }
    const drain = {force: false, deleteEmptyDirData: true}
    await assert.rejects(leaveCluster(kept, {...options, drain}), (error: DaasError) => {
      assert.deepEqual([error.code, error.suggestions], ['DAAS-J125', ['more replicas']])
      return true
    })
    const [{body, signature}] = asked as [LeaveRequest]
    assert.deepEqual(body.drain, {...drain, timeoutMs: 700})
    await verifyLeave(body, signature)
    await assert.rejects(verifyLeave({...body, drain: {...body.drain!, force: true}}, signature), {
      code: 'DAAS-T105',
    })
  })
})

describe('the budget of restarts', () => {
  it('doubles the pause, ends, and begins anew when the window is over', () => {
    const budget = createRestartBudget({most: 3, windowMs: 1000, pauseMs: 10, maxPauseMs: 25})
    assert.deepEqual(
      [0, 1, 2, 3].map((at) => budget.take(at)),
      [10, 20, 25, undefined],
    )
    assert.equal(budget.take(1001), 20)
    assert.equal(budget.take(5000), 10)
    assert.equal(budget.count, 5)
  })
})
