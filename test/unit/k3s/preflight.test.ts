import assert from 'node:assert/strict'
import type {NameHolder} from '../../../src/lib/k3s/name-holder.ts'
import {
  assertPreflight,
  PREFLIGHT_NAMES,
  type PreflightContext,
  type PreflightName,
  type PreflightProbes,
  type PreflightResult,
  runPreflight,
} from '../../../src/lib/k3s/preflight.ts'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'
import {serveSupervisor, serveTls} from './servers.ts'

const good: PreflightProbes = {
  uid: () => 0,
  platform: () => 'linux',
  arch: () => 'x64',
  kernelRelease: () => '6.1.0-18-amd64',
  hostname: () => 'host',
  portFree: async () => true,
  exists: async () => false,
  swapBytes: async () => 0,
  freeBytes: async () => 10 * 1024 ** 3,
  cgroupControllers: async () => ['cpuset', 'cpu', 'io', 'memory', 'pids'],
  moduleAvailable: async () => true,
  routes: async () => [
    {cidr: '0.0.0.0/0', device: 'eth0'},
    {cidr: '10.42.0.0/24', device: 'cni0'},
    {cidr: '10.44.0.0/16', device: 'eth0'},
  ],
  checkConfig: async () => [],
  env: () => undefined,
  now: () => 0,
}
const context: PreflightContext = {
  nodeName: 'worker-1',
  dataDir: '/var/lib/rancher/k3s',
  rootless: false,
  standIn: false,
  serverVersion: 'v1.34.1+k3s1',
  agentVersion: 'v1.34.1+k3s1',
  signal: new AbortController().signal,
}

async function statusOf(
  name: PreflightName,
  probes: Partial<PreflightProbes> = {},
  more: Partial<PreflightContext> = {},
): Promise<string> {
  const results = await runPreflight({...good, ...probes}, {...context, ...more})
  assert.deepEqual(
    results.map((result) => result.name),
    [...PREFLIGHT_NAMES],
  )
  const result = results.find((each) => each.name === name)!
  // Whoever is not let through is told what to do.
  assert.equal(result.remedy === '', result.status === 'pass', JSON.stringify(result))
  return result.status
}

describe('preflight', () => {
  it('passes on a good machine', async () => {
    const results = await runPreflight(good, context)
    assert.deepEqual(
      results.filter(({status}) => status !== 'pass'),
      [],
    )
    assertPreflight(results)
  })

  it('fails without root, unless rootless or a stand-in', async () => {
    const uid = (): number => 1000
    assert.equal(await statusOf('root', {uid}), 'fail')
    assert.equal(await statusOf('root', {uid}, {rootless: true}), 'pass')
    assert.equal(await statusOf('root', {uid}, {standIn: true}), 'pass')
  })

  it('judges name, processor, kernel, ports, leftovers, swap and disk', async () => {
    assert.equal(await statusOf('hostname', {}, {nodeName: 'Worker_1'}), 'fail')
    assert.equal(await statusOf('arch', {arch: () => 's390x'}), 'fail')
    assert.equal(await statusOf('arch', {platform: () => 'darwin'}), 'fail')
    assert.equal(await statusOf('kernel', {kernelRelease: () => '3.10.0-1160'}), 'fail')
    assert.equal(await statusOf('kernel', {kernelRelease: () => 'unknown'}), 'warn')
    assert.equal(await statusOf('ports', {portFree: async (port) => port !== 10_250}), 'fail')
    assert.equal(await statusOf('leftovers', {exists: async (path) => path.endsWith('password')}), 'warn')
    assert.equal(await statusOf('swap', {swapBytes: async () => 1}), 'warn')
    assert.equal(await statusOf('disk', {freeBytes: async () => 1}), 'fail')
  })

  it('judges cgroups, modules, routes and proxies', async () => {
    assert.equal(
      await statusOf('cgroups', {cgroupControllers: async () => ['cpu', 'cpuset', 'pids']}),
      'fail',
    )
    assert.equal(await statusOf('cgroups', {cgroupControllers: async () => undefined}), 'fail')
    assert.equal(await statusOf('modules', {moduleAvailable: async (name) => name === 'overlay'}), 'warn')
    const routed = async (cidr: string): Promise<string> =>
      statusOf('routes', {routes: async () => [{cidr, device: 'eth0'}]})
    assert.equal(await routed('10.42.7.0/24'), 'warn')
    assert.equal(await routed('10.0.0.0/8'), 'warn')
    assert.equal(await routed('10.44.0.0/16'), 'pass')
    const env = (name: string): string | undefined =>
      ({https_proxy: 'http://proxy:3128', NO_PROXY: 'localhost, k3s.example'})[name]
    assert.equal(await statusOf('proxy', {env}), 'warn')
    const server = {url: 'https://k3s.example:1', caHash: '0'.repeat(64)}
    assert.equal(await statusOf('proxy', {env}, {server}), 'pass')
  })

  it('judges the name by whose it is on chain', async () => {
    const by = (holder: NameHolder | undefined): Promise<string> =>
      statusOf('name', {}, {nameHolder: async () => holder})
    const holder = {owner: '0x1', evicted: false}
    assert.equal(await statusOf('name'), 'pass')
    assert.equal(await by(undefined), 'pass')
    assert.equal(await by({...holder, mine: true}), 'pass')
    assert.equal(await by({...holder, mine: false}), 'fail')
    assert.equal(await by({...holder, mine: undefined}), 'warn')
    assert.equal(await by({...holder, mine: true, evicted: true}), 'fail')
    const standIn = await runPreflight(good, {
      ...context,
      standIn: true,
      nameHolder: async () => ({...holder, mine: false}),
    })
    assert.equal(standIn.find(({name}) => name === 'name')?.status, 'fail')
  })

  it('fails beside another k3s, which would come up with the next boot', async () => {
    const exists = async (path: string): Promise<boolean> => path.endsWith('/k3s-agent.service')
    assert.equal(await statusOf('leftovers', {exists}), 'fail')
    assert.equal(await statusOf('leftovers', {exists}, {rootless: true}), 'pass')
    const certificate = async (path: string): Promise<boolean> => path.endsWith('client-kubelet.crt')
    assert.equal(await statusOf('leftovers', {exists: certificate}), 'warn')
  })

  it('passes on what k3s check-config says, as a warning', async () => {
    const k3sBin = '/usr/bin/k3s'
    const asked: string[] = []
    const says = (lines: string[] | undefined) => ({
      checkConfig: async (bin: string) => {
        asked.push(bin)
        return lines
      },
    })
    assert.equal(await statusOf('check-config', says(['x'])), 'pass')
    assert.equal(await statusOf('check-config', {...says(['x']), uid: () => 1000}, {k3sBin}), 'pass')
    assert.deepEqual(asked, [])
    assert.equal(await statusOf('check-config', says([]), {k3sBin}), 'pass')
    assert.equal(await statusOf('check-config', says(['CONFIG_VETH: missing (fail)']), {k3sBin}), 'warn')
    assert.equal(await statusOf('check-config', says(undefined), {k3sBin}), 'warn')
    assert.deepEqual(asked, [k3sBin, k3sBin, k3sBin])
  })

  it('wants an agent that is no newer and at most three minors older than the server', async () => {
    const version = async (agentVersion: string): Promise<string> =>
      statusOf('version-skew', {}, {agentVersion})
    assert.equal(await version('v1.34.9+k3s1'), 'pass')
    assert.equal(await version('v1.31.0+k3s1'), 'pass')
    assert.equal(await version('v1.35.0+k3s1'), 'fail')
    assert.equal(await version('v1.30.0+k3s1'), 'fail')
  })

  it('asks the listener and the server, and goes by their clock', async () => {
    const certificate = await createPinnedCertificate(['127.0.0.1'])
    const listener = await serveTls(certificate, (_request, response) => response.end('{}'))
    const supervisor = await serveSupervisor('abc123.0123456789abcdef')
    try {
      const here = {urls: [listener.url], tlsPin: certificate.pin}
      const now = (skewMs: number): Partial<PreflightProbes> => ({now: () => Date.now() + skewMs})
      assert.equal(await statusOf('listener', {}, {listener: here}), 'pass')
      assert.equal(await statusOf('listener', {}, {listener: {...here, tlsPin: new Uint8Array(32)}}), 'fail')
      const nobody = {...here, urls: ['https://127.0.0.1:1']}
      assert.equal(await statusOf('listener', {}, {listener: nobody}), 'warn')
      const both = {...here, urls: [...nobody.urls, ...here.urls]}
      assert.equal(await statusOf('listener', {}, {listener: both}), 'pass')
      for (const context of [{listener: here}, {server: {url: supervisor.url, caHash: supervisor.caHash}}]) {
        assert.equal(await statusOf('clock-skew', now(0), context), 'pass')
        assert.equal(await statusOf('clock-skew', now(-20_000), context), 'warn')
        assert.equal(await statusOf('clock-skew', now(120_000), context), 'fail')
      }

      const server = {url: supervisor.url, caHash: supervisor.caHash}
      assert.equal(await statusOf('server', {}, {server}), 'pass')
      assert.equal(await statusOf('server', {}, {server: {...server, caHash: '0'.repeat(64)}}), 'fail')
      assert.equal(await statusOf('server', {}, {server: {...server, url: 'https://127.0.0.1:1'}}), 'fail')
    } finally {
      listener.close()
      supervisor.close()
    }
  })

  it('names the failed checks, the remedy, and how to ignore them', () => {
    const failed: PreflightResult = {name: 'root', status: 'fail', message: 'needs root', remedy: 'use sudo'}
    assert.throws(
      () => assertPreflight([failed, {...failed, name: 'swap', status: 'warn'}]),
      (error: Error & {code?: string; suggestions?: string[]}) => {
        assert.equal(error.code, 'DAAS-J110')
        assert.deepEqual(error.suggestions, ['use sudo', 'to go on all the same: --ignore-preflight root'])
        return true
      },
    )
    assertPreflight([failed], ['root'])
    assertPreflight([failed], ['all'])
  })
})
