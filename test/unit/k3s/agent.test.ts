import assert from 'node:assert/strict'
import {mkdtemp, readFile, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {pino} from 'pino'
import {type AgentHandle, startAgent, type StartAgentOptions} from '../../../src/lib/k3s/agent.ts'
import type {AgentCause, AgentStage} from '../../../src/lib/k3s/log-stages.ts'
import {waitNodeReady} from '../../../src/lib/k3s/wait-ready.ts'
import type {WorkerStatus} from '../../../src/lib/seal/registration.ts'

const BIN = fileURLToPath(new URL('../../fixtures/k3s-agent.mjs', import.meta.url))
const SECRET = '0123456789abcdef'
const TOKEN = `K10${'a'.repeat(64)}::abc123.${SECRET}`

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition never came true')
    await delay(10)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('k3s agent process', () => {
  let dir = ''
  let handle: AgentHandle | undefined
  const stages: AgentStage[] = []
  const causes: AgentCause[] = []

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-agent-'))
    stages.length = 0
    causes.length = 0
  })

  afterEach(async () => {
    await handle?.stop()
    handle = undefined
    await rm(dir, {recursive: true, force: true})
  })

  async function start(mode: string, more: Partial<StartAgentOptions> = {}): Promise<AgentHandle> {
    handle = await startAgent({
      bin: BIN,
      serverUrl: 'https://127.0.0.1:6443',
      joinToken: TOKEN,
      nodeName: 'w1',
      dataDir: dir,
      labels: {'daas.io/tier': 'one'},
      taints: ['daas.io/unverified=true:NoSchedule'],
      env: {...process.env, FIXTURE_MODE: mode, K3S_TOKEN: TOKEN, DAAS_KEY: 'canary'},
      passEnv: ['FIXTURE_MODE'],
      signal: new AbortController().signal,
      onStage: (stage) => stages.push(stage),
      onCause: (cause) => causes.push(cause),
      logger: pino({level: 'silent'}),
      graceMs: 5000,
      ...more,
    })
    return handle
  }
  const dump = async (): Promise<{
    args: string[]
    config: object
    env: Record<string, string>
    token: string
  }> => JSON.parse(await readFile(join(dir, 'dump.json'), 'utf8'))
  const waitReady = async (
    agent: AgentHandle,
    status: () => Promise<WorkerStatus>,
    timeoutMs = 10_000,
  ): Promise<void> =>
    waitNodeReady({
      nodeName: 'w1',
      handle: agent,
      status,
      timeoutMs,
      pauseMs: 10,
      patienceMs: 100,
      signal: new AbortController().signal,
    })
  const status = (more: Partial<WorkerStatus> = {}): WorkerStatus => ({
    nodeName: 'w1',
    registered: true,
    nodeReady: false,
    evicted: false,
    ...more,
  })

  it('hands the token over in a private file, and nowhere else', async () => {
    const agent = await start('run')
    await until(() => agent.stage === 'running')
    const {args, config, env, token} = await dump()
    assert.deepEqual(args, ['agent', '--config', join(dir, 'agent.yaml')])
    assert.deepEqual(config, {
      server: 'https://127.0.0.1:6443',
      'token-file': join(dir, 'join-token'),
      'node-name': 'w1',
      'data-dir': dir,
      'node-label': ['daas.io/tier=one'],
      'node-taint': ['daas.io/unverified=true:NoSchedule'],
    })
    assert.equal(token, TOKEN)
    assert.equal(env.NOTIFY_SOCKET, join(dir, 'notify.sock'))
    assert.deepEqual(
      Object.keys(env).filter((name) => name.startsWith('K3S_') || name.startsWith('DAAS_')),
      [],
    )
    for (const file of ['join-token', 'agent.yaml'])
      assert.equal((await stat(join(dir, file))).mode & 0o777, 0o600)
    assert.deepEqual(stages, ['starting', 'connecting', 'kubelet', 'registered', 'running'])

    assert.equal((await stat(agent.logFile)).mode & 0o777, 0o600)
    assert.ok(!agent.tail.join('\n').includes(SECRET))
    await agent.stop()
    assert.ok(!(await readFile(agent.logFile, 'utf8')).includes(SECRET))

    await agent.scrubToken()
    assert.equal(
      await readFile(join(dir, 'join-token'), 'utf8'),
      `K10${'a'.repeat(64)}::abc123.0000000000000000\n`,
    )
  })

  it('ends gracefully, and is ended with all it started when the grace is over', async () => {
    const graceful = await start('child')
    await until(() => graceful.stage === 'running')
    const child = Number(await readFile(join(dir, 'child.pid'), 'utf8'))
    assert.deepEqual(await graceful.stop(), {code: 0, signal: null, requested: true})
    await until(() => !isAlive(child))

    const mute = await start('mute', {graceMs: 50})
    await until(() => mute.stage === 'running')
    assert.deepEqual(await mute.stop(), {code: null, signal: 'SIGKILL', requested: true})
  })

  it('leaves no agent behind where daas is ended: at once where it was stopping already', async () => {
    for (const [mode, stopsFirst] of [
      ['run', false],
      ['mute', true],
    ] as const) {
      const data = join(dir, mode)
      const script = `
        const {startAgent} = await import(${JSON.stringify(new URL('../../../src/lib/k3s/agent.ts', import.meta.url))})
        const handle = await startAgent({...${JSON.stringify({
          bin: BIN,
          serverUrl: 'https://127.0.0.1:6443',
          joinToken: TOKEN,
          nodeName: 'w1',
          dataDir: data,
          labels: {},
          taints: [],
          env: {PATH: process.env.PATH, FIXTURE_MODE: mode},
          passEnv: ['FIXTURE_MODE'],
          graceMs: 600_000,
        })}, signal: new AbortController().signal, logger: {debug() {}, warn() {}}, onStage(stage) {
          if (stage !== 'running') return
          if (${stopsFirst}) void handle.stop()
          process.exit(3)
        }})
        process.stdout.write(String(handle.pid))
      `
      const {stdout, exitCode} = await execa(
        process.execPath,
        ['--no-warnings', '--input-type=module', '--eval', script],
        {reject: false},
      )
      assert.equal(exitCode, 3)
      await until(() => !isAlive(Number(stdout)))
    }
  })

  it('stops when the signal fires', async () => {
    const abort = new AbortController()
    const agent = await start('run', {signal: abort.signal})
    await until(() => agent.stage === 'running')
    abort.abort()
    assert.deepEqual(await agent.exited, {code: 0, signal: null, requested: true})
  })

  it('reports K3S_MISSING where there is nothing to start', async () => {
    await assert.rejects(start('run', {bin: join(dir, 'nothing')}), {code: 'DAAS-J106'})
  })

  it('is waited for until the listener calls the node ready', async () => {
    const agent = await start('run')
    let asked = 0
    await waitReady(agent, async () => status({nodeReady: ++asked === 3}))
    assert.equal(asked, 3)
  })

  it('reports an early death with its last words', async () => {
    const agent = await start('die')
    await assert.rejects(
      waitReady(agent, async () => status()),
      (error: Error & {code?: string; details?: Record<string, unknown>}) => {
        assert.equal(error.code, 'DAAS-J111')
        assert.match(error.message, /exit code 1/)
        assert.match(error.message, /port 10250 is in use/)
        assert.equal(error.details?.cause, 'fatal')
        return true
      },
    )
  })

  it('does not wait for an agent that would loop for ever', async () => {
    const agent = await start('loop')
    await assert.rejects(
      waitReady(agent, async () => status()),
      {code: 'DAAS-J113'},
    )
    assert.deepEqual(
      causes.map(({code}) => code),
      ['token-refused'],
    )
  })

  it('has a deadline', async () => {
    const agent = await start('run')
    await assert.rejects(
      waitReady(agent, async () => status(), 100),
      {code: 'DAAS-J112', exitCode: 75},
    )
  })

  it('gives up at once when the node is evicted while it waits', async () => {
    const agent = await start('run')
    const evicted = status({evicted: true, reason: 'stake slashed'})
    await assert.rejects(
      waitReady(agent, async () => evicted),
      {code: 'DAAS-J116'},
    )
  })
})
