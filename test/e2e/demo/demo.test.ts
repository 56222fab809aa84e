import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readdir, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {HOW_TO_GET_KUBERNETES, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {DEMO_STAGES} from '../../../src/lib/devnet/demo/stages.ts'
import {familyOf, HAS_PROC, isAlive, processesNaming} from '../../helpers/processes.ts'
import {createHome, type Home} from '../../helpers/run-daas.ts'
import {skipFor} from '../../helpers/skip.ts'
import {type RunningDaas, startDaas} from '../../helpers/start-daas.ts'
import {waitUntil} from '../../helpers/wait-until.ts'

interface DemoDocument {
  ok: boolean
  ms: number
  backends: {chain: string; kubernetes: string; agent: string; kubectl: string}
  stages: {
    name: string
    ok: boolean
    ms: number
    digest?: string
    gasMist?: string
    error?: {code: string; message: string}
  }[]
}

const NAMES = DEMO_STAGES.map(({name}) => name)
/** What sends a transaction of its own; the listener only announces itself, and an eviction is not paid for here. */
const PAID = ['cluster', 'stake', 'seal', 'user', 'get-nodes', 'create', 'get', 'delete', 'slash', 'withdraw']
const WITH_DIGEST = [...PAID, 'listener', 'evict']
const EMBEDDED = ['demo', '--kubernetes', 'embedded', '--json']

describe('the demo', () => {
  let home: Home
  let temp: string
  const running: RunningDaas[] = []

  beforeEach(async () => {
    home = await createHome()
    // Processes and files of this very run are known by this directory.
    temp = join(home.dir, 'tmp')
    await mkdir(temp)
  })

  afterEach(async function () {
    this.timeout(60_000)
    for (const daas of running.splice(0)) await daas.stop()
    await home.remove()
  })

  function start(args: readonly string[], env: Record<string, string> = {}): RunningDaas {
    const daas = startDaas(args, {home: home.dir, env: {TMPDIR: temp, ...env}})
    running.push(daas)
    return daas
  }

  async function assertNothingLeft(): Promise<void> {
    assert.deepEqual(await readdir(temp), [])
    if (!HAS_PROC) return
    // What got a signal may take a moment to be gone.
    await waitUntil('no process is left', async () => (await processesNaming(temp)).length === 0, 5000)
  }

  async function assertWholeStory(daas: RunningDaas): Promise<DemoDocument> {
    const {exitCode, stdout, stderr} = await daas.ended
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`)
    const document = JSON.parse(stdout) as DemoDocument
    assert.equal(document.ok, true)
    assert.deepEqual(
      document.stages.map(({name}) => name),
      NAMES,
    )
    for (const {name, ok, ms, digest, gasMist} of document.stages) {
      assert.deepEqual([name, ok], [name, true])
      assert.ok(Number.isInteger(ms) && ms >= 0, name)
      if (WITH_DIGEST.includes(name)) assert.match(digest ?? '', /^[1-9A-HJ-NP-Za-km-z]{43,44}$/, name)
      if (PAID.includes(name)) assert.match(gasMist ?? '', /^-?\d+$/, name)
    }
    assert.equal(document.backends.chain, 'embedded devnet')
    return document
  }

  it('tells the whole story as one document, and leaves nothing behind', async function () {
    this.timeout(90_000)
    const {backends, ms} = await assertWholeStory(start(EMBEDDED))
    assert.match(backends.kubernetes, /^embedded .*not a real one/)
    assert.equal(backends.agent, 'embedded')
    assert.ok(ms < 60_000, `${ms} ms`)
    await assertNothingLeft()
  })

  it('does without kubectl, and says so', async function () {
    this.timeout(90_000)
    const path = await mkdtemp(join(tmpdir(), 'daas-path-'))
    try {
      // The agent's shim is a shell script; nothing else of the machine is needed.
      await symlink('/bin/sh', join(path, 'sh'))
      const {backends} = await assertWholeStory(start(EMBEDDED, {PATH: path}))
      assert.equal(backends.kubectl, 'not found: the gateway is asked by HTTP')
    } finally {
      await rm(path, {recursive: true})
    }
    await assertNothingLeft()
  })

  it('ends with 5 where a stage fails, names it, and cleans up', async function () {
    this.timeout(90_000)
    const bin = join(home.dir, 'bin')
    await mkdir(bin)
    await writeFile(join(bin, 'kubectl'), '#!/bin/sh\necho "no route to you" >&2\nexit 3\n', {mode: 0o755})
    const daas = start(EMBEDDED, {PATH: `${bin}:${process.env.PATH}`})
    const {exitCode, stdout} = await daas.ended
    const document = JSON.parse(stdout) as DemoDocument
    assert.deepEqual([exitCode, document.ok], [5, false])
    const last = document.stages.at(-1)
    assert.deepEqual([last?.name, last?.ok, last?.error?.code], ['get-nodes', false, 'DAAS-D104'])
    assert.match(last?.error?.message ?? '', /no route to you/)
    assert.ok(document.stages.slice(0, -1).every(({ok}) => ok))
    await assertNothingLeft()
  })

  it('refuses a cluster of somebody else: there is no node of its own to join', async function () {
    this.timeout(60_000)
    const {exitCode, stdout} = await start(['demo', '--kubernetes', 'none', '--json']).ended
    const {error} = JSON.parse(stdout) as {error: {code: string; exitCode: number}}
    assert.deepEqual([exitCode, error.code, error.exitCode], [2, 'DAAS-D105', 2])
    await assertNothingLeft()
  })

  it('says so where it cannot write', async () => {
    const {exitCode, stdout} = await start(EMBEDDED, {TMPDIR: join(home.dir, 'nowhere')}).ended
    const {error} = JSON.parse(stdout) as {error: {code: string; exitCode: number}}
    assert.deepEqual([exitCode, error.code, error.exitCode], [2, 'DAAS-D115', 2])
  })

  it('Ctrl-C in the middle: 130, and nothing is left', async function () {
    if (!HAS_PROC) skipFor(this, '/proc', 'run it on Linux')
    this.timeout(90_000)
    const daas = start(EMBEDDED)
    // In the middle: its agent runs.
    await waitUntil('the agent runs', async () => (await familyOf(daas.pid)).length > 1, 60_000)
    const family = await familyOf(daas.pid)
    const {exitCode, stdout} = await daas.stop('SIGINT')
    const {error} = JSON.parse(stdout) as {error: {code: string; exitCode: number}}
    assert.deepEqual([exitCode, error.code, error.exitCode], [130, 'DAAS-U108', 130])
    for (const pid of family) assert.equal(await isAlive(pid), false)
    await assertNothingLeft()
  })

  it('the same on a real API server', async function () {
    const binaries = await locateKubernetes({env: process.env})
    if (!binaries?.kubeControllerManager) return skipFor(this, 'a real Kubernetes', HOW_TO_GET_KUBERNETES)
    this.timeout(180_000)
    // Where its programs are goes by HOME.
    const env = {KUBEBUILDER_ASSETS: join(binaries.kubeApiserver, '..')}
    const {backends} = await assertWholeStory(start(['demo', '--kubernetes', 'binaries', '--json'], env))
    assert.match(backends.kubernetes, /^real kube-apiserver and etcd/)
    assert.ok(['kubelet', 'embedded'].includes(backends.agent), backends.agent)
    await assertNothingLeft()
  })
})
