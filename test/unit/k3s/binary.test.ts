import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {chmod, mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {findK3s, type FindK3sOptions} from '../../../src/lib/k3s/binary.ts'
import {k3sAssetNames} from '../../../src/lib/k3s/download-k3s.ts'

const SCRIPT = '#!/bin/sh\necho "k3s version v1.34.1+k3s1 (0123abcd)"\n'
const SHA256 = createHash('sha256').update(SCRIPT).digest('hex')

describe('k3s binary', () => {
  let dir = ''
  let server: Server
  let baseUrl = ''
  let requests: string[] = []
  let checksums = ''

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-bin-'))
    requests = []
    checksums = `${'0'.repeat(64)}  k3s-images.txt\n${SHA256}  k3s\n`
    server = createServer((request, response) => {
      requests.push(request.url ?? '')
      if (request.url?.endsWith('.txt')) response.end(checksums)
      else if (request.url?.endsWith('/k3s')) response.end(SCRIPT)
      else response.writeHead(404).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases/`
  })

  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await rm(dir, {recursive: true, force: true})
  })

  const options = (more: Partial<FindK3sOptions> = {}): FindK3sOptions => ({
    path: '',
    cacheDir: join(dir, 'cache'),
    version: 'v1.34.1+k3s1',
    signal: new AbortController().signal,
    ...more,
  })
  const download = (): FindK3sOptions['download'] => ({baseUrl, platform: 'linux', arch: 'x64'})
  const put = async (folder: string, text = SCRIPT): Promise<string> => {
    await mkdir(folder, {recursive: true})
    const file = join(folder, 'k3s')
    await writeFile(file, text)
    await chmod(file, 0o755)
    return file
  }

  it('takes the flag, then PATH, then the cache', async () => {
    const cached = await put(join(dir, 'cache', 'v1.34.1+k3s1'))
    const found = {version: 'v1.34.1+k3s1', standIn: false}
    assert.deepEqual(await findK3s(options()), {file: cached, source: 'cache', ...found})
    const onPath = await put(join(dir, 'bin'))
    const path = `${join(dir, 'none')}:${join(dir, 'bin')}`
    assert.deepEqual(await findK3s(options({path})), {file: onPath, source: 'path', ...found})
    const bin = await put(join(dir, 'flag'))
    assert.deepEqual(await findK3s(options({path, bin})), {file: bin, source: 'flag', ...found})
  })

  it('knows a stand-in by its version', async () => {
    const bin = await put(
      join(dir, 'flag'),
      '#!/bin/sh\necho "k3s version v1.34.1+daas.kubelet (stand-in)"\n',
    )
    const {version, standIn} = await findK3s(options({bin}))
    assert.deepEqual([version, standIn], ['v1.34.1+daas.kubelet', true])
  })

  it('says where it has looked when there is none', async () => {
    await assert.rejects(findK3s(options()), {code: 'DAAS-J106'})
    await assert.rejects(findK3s(options({bin: join(dir, 'nothing'), download: download()})), {
      code: 'DAAS-J106',
    })
  })

  it('fetches, verifies and keeps it', async () => {
    const found = await findK3s(options({download: download()}))
    assert.equal(found.source, 'download')
    assert.equal(found.version, 'v1.34.1+k3s1')
    assert.deepEqual(requests, [
      '/releases/v1.34.1%2Bk3s1/sha256sum-amd64.txt',
      '/releases/v1.34.1%2Bk3s1/k3s',
    ])
    assert.equal((await findK3s(options({download: download()}))).source, 'cache')
    assert.equal(requests.length, 2)
  })

  it('removes what does not match the checksum', async () => {
    checksums = `${'a'.repeat(64)}  k3s\n`
    await assert.rejects(findK3s(options({download: download()})), {code: 'DAAS-J107'})
    assert.deepEqual(await readdir(join(dir, 'cache', 'v1.34.1+k3s1')), [])
  })

  it('holds the caller’s own checksum against every place', async () => {
    await assert.rejects(findK3s(options({download: download(), sha256: 'b'.repeat(64)})), {
      code: 'DAAS-J107',
    })
    const bin = await put(join(dir, 'flag'))
    await assert.rejects(findK3s(options({bin, sha256: 'b'.repeat(64)})), {code: 'DAAS-J107'})
    assert.equal((await findK3s(options({bin, sha256: SHA256.toUpperCase()}))).file, bin)
  })

  it('fails by name when the release or the mirror is not there', async () => {
    checksums = ''
    await assert.rejects(findK3s(options({download: download()})), {code: 'DAAS-J108'})
    const nowhere = {...download()!, baseUrl: 'http://127.0.0.1:1'}
    await assert.rejects(findK3s(options({download: nowhere})), {code: 'DAAS-J108'})
  })

  it('names the files of a release as install.sh does', () => {
    assert.deepEqual(k3sAssetNames('linux', 'arm'), {binary: 'k3s-armhf', checksums: 'sha256sum-arm.txt'})
    assert.throws(() => k3sAssetNames('darwin', 'arm64'), {code: 'DAAS-J109'})
  })
})
