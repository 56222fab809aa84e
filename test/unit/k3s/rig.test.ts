import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {promisify} from 'node:util'
import {pino} from 'pino'
import {createK3sLog, parseAgentArgs} from '../../../src/lib/devnet/kube/agent/k3s-shape.ts'
import {writeLauncher} from '../../../src/lib/devnet/kube/agent/launcher.ts'
import {chooseKubernetes} from '../../../src/lib/devnet/kube/choose-kubernetes.ts'
import {freePorts} from '../../../src/lib/devnet/kube/free-ports.ts'
import {canRunK3s} from '../../../src/lib/devnet/kube/k3s-server.ts'
import {kubernetesCacheDir, locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {readAgentLogLine} from '../../../src/lib/k3s/log-stages.ts'

const run = promisify(execFile)

describe('Kubernetes for trying and testing', () => {
  let dir = ''

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-locate-'))
  })

  afterEach(async () => rm(dir, {recursive: true, force: true}))

  async function put(folder: string, ...names: string[]): Promise<string> {
    await mkdir(join(dir, folder), {recursive: true})
    for (const name of names) {
      await writeFile(join(dir, folder, name), '#!/bin/sh\n')
      await chmod(join(dir, folder, name), 0o755)
    }
    return join(dir, folder)
  }

  it('is looked for in KUBEBUILDER_ASSETS, then the cache, then PATH', async () => {
    const PATH = await put('path', 'etcd', 'kube-apiserver', 'kubectl')
    const env = {HOME: dir, PATH}
    assert.deepEqual(await locateKubernetes({env}), {
      source: 'PATH',
      etcd: join(PATH, 'etcd'),
      kubeApiserver: join(PATH, 'kube-apiserver'),
      kubectl: join(PATH, 'kubectl'),
    })
    const cache = await put('cache/bin', 'kube-apiserver', 'kube-controller-manager')
    const cached = await locateKubernetes({env, cacheDir: join(dir, 'cache')})
    assert.deepEqual([cached?.source, cached?.etcd], ['cache', join(PATH, 'etcd')])
    assert.equal(cached?.kubeControllerManager, join(cache, 'kube-controller-manager'))
    const KUBEBUILDER_ASSETS = await put('assets', 'kube-apiserver')
    const named = await locateKubernetes({env: {...env, KUBEBUILDER_ASSETS}, cacheDir: join(dir, 'cache')})
    assert.equal(named?.source, 'KUBEBUILDER_ASSETS')
    assert.equal(await locateKubernetes({env: {HOME: dir, PATH: ''}}), undefined)
  })

  it('has its cache where the environment says', () => {
    assert.equal(kubernetesCacheDir({DAAS_KUBE_CACHE: '/c', XDG_CACHE_HOME: '/x'}, 'v1'), '/c/v1')
    assert.equal(kubernetesCacheDir({XDG_CACHE_HOME: '/x', HOME: '/h'}, 'v1'), '/x/daas/kube/v1')
    assert.equal(kubernetesCacheDir({HOME: '/h'}, 'v1'), '/h/.cache/daas/kube/v1')
  })

  it('says what is missing of what was asked for', async () => {
    const options = {
      env: {HOME: dir, PATH: ''},
      dir,
      signal: new AbortController().signal,
      logger: pino({level: 'silent'}),
    }
    await assert.rejects(chooseKubernetes('k3s', options), {code: 'DAAS-D101', exitCode: 5})
    await assert.rejects(chooseKubernetes('binaries', options), {code: 'DAAS-D101'})
    await assert.rejects(chooseKubernetes(join(dir, 'no-such-kubeconfig'), options), {
      errorName: 'KUBECONFIG_INVALID',
    })
    assert.deepEqual(await canRunK3s({PATH: ''}, 'linux', 1000), {bin: undefined, reason: 'k3s needs root'})
    assert.deepEqual(await canRunK3s({PATH: ''}, 'linux', 0), {bin: undefined, reason: 'no k3s on PATH'})
    assert.deepEqual(await canRunK3s({}, 'darwin', 501), {bin: undefined, reason: 'k3s runs on Linux only'})
  })

  it('takes different ports that can be bound', async () => {
    const ports = await freePorts(8)
    assert.equal(new Set(ports).size, 8)
  })

  it('starts an agent by a launcher that quotes what it must', async () => {
    const script = join(dir, "it's.mjs")
    await writeFile(script, 'console.log(JSON.stringify([process.argv.slice(2), process.env.WORD]))')
    const file = await writeLauncher({
      file: join(dir, 'k3s'),
      script: pathToFileURL(script),
      execPath: process.execPath,
      version: "it's v1",
      env: {WORD: "it's $HOME"},
    })
    assert.equal((await run(file, ['--version'])).stdout, "it's v1\n")
    const {stdout} = await run(file, ['agent', 'two words'])
    assert.deepEqual(JSON.parse(stdout), [['agent', 'two words'], "it's $HOME"])
  })

  it('reads flags and file of an agent as k3s does', async () => {
    const config = join(dir, 'config.yaml')
    await writeFile(config, 'node-name: from-file\nnode-label: [a=b, c=d]\nnode-taint: e=f:NoSchedule\n')
    const base = ['agent', '--server', 'https://x:6443', '--token-file', '/t', '-d', '/d', '-c', config]
    assert.deepEqual(parseAgentArgs([...base, '--node-name=W1', '--node-label', 'g=h']), {
      server: 'https://x:6443',
      tokenFile: '/t',
      nodeName: 'w1',
      dataDir: '/d',
      nodeLabels: ['g=h'],
      nodeTaints: ['e=f:NoSchedule'],
      nodeIp: undefined,
      kubeletArgs: [],
    })
    assert.throws(() => parseAgentArgs(['agent', '--server', 'x']), /--token-file is required/)
    assert.throws(() => parseAgentArgs(['server']), /knows "agent" only/)
  })

  it('writes a log that the reader of k3s logs understands', () => {
    const lines: string[] = []
    const log = createK3sLog((line) => lines.push(line))
    log.info('Starting k3s agent v1')
    log.fatal('it said "no"')
    assert.deepEqual(readAgentLogLine(lines[0]!.trim()), {stage: 'starting'})
    assert.equal(readAgentLogLine(lines[1]!.trim())?.cause?.message, 'it said "no"')
  })
})
