import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {findPodNetworks, removePodNetworks} from '../../../../../src/lib/devnet/kube/agent/pod-networks.ts'

const network = (digit: string): string =>
  `/var/run/netns/cni-${digit.repeat(8)}-bbbb-cccc-dddd-${digit.repeat(12)}`

describe('networks of pods that still run when an agent ends', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-pod-networks-'))
  })
  afterEach(() => rm(dir, {recursive: true}))

  const bundle = async (name: string, text: string): Promise<void> => {
    const folder = join(dir, 'io.containerd.runtime.v2.task/k8s.io', name)
    await mkdir(folder, {recursive: true})
    await writeFile(join(folder, 'config.json'), text)
  }
  const spec = (...namespaces: {type: string; path?: string}[]): string =>
    JSON.stringify({linux: {namespaces}})

  it('are those that the sandboxes of this containerd name, and no others', async () => {
    assert.deepEqual(await findPodNetworks(dir), [])
    await bundle('sandbox', spec({type: 'pid'}, {type: 'network', path: network('a')}))
    await bundle('again', spec({type: 'network', path: network('a')}))
    await bundle('short', spec({type: 'network', path: network('e').replace('/var', '')}))
    await bundle('container', spec({type: 'network', path: '/proc/77/ns/net'}))
    await bundle('host-network', spec({type: 'mount'}))
    await bundle('without-path', spec({type: 'network'}))
    await bundle('other-kind', spec({type: 'ipc', path: network('b')}))
    await bundle('of-an-operator', spec({type: 'network', path: '/var/run/netns/blue'}))
    await bundle('out-of-it', spec({type: 'network', path: `${network('c')}/../../x`}))
    await bundle('half-written', '{"linux": {"name')
    await bundle('no-spec', '{}')
    assert.deepEqual((await findPodNetworks(dir)).sort(), [network('e').replace('/var', ''), network('a')])
  })

  it('are taken away, one that is gone already too', async () => {
    const [left, kept] = [join(dir, 'cni-left'), join(dir, 'cni-kept')]
    await Promise.all([left, kept].map((file) => writeFile(file, '')))
    await removePodNetworks([left, join(dir, 'cni-gone')])
    assert.deepEqual(await readdir(dir), ['cni-kept'])
  })
})
