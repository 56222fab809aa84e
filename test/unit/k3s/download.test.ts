import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type DownloadOptions, downloadK3s} from '../../../src/lib/k3s/download-k3s.ts'

const BINARY = randomBytes(3_000_000)
const SHA256 = createHash('sha256').update(BINARY).digest('hex')
/** No process has it. */
const NOBODY = 2 ** 30

describe('download of k3s', () => {
  let dir = ''
  let target = ''
  let server: Server
  let baseUrl = ''
  let ranges: (string | undefined)[] = []
  let serve: (request: IncomingMessage, response: ServerResponse, from: number) => void

  const rest = (_request: IncomingMessage, response: ServerResponse, from: number): void => {
    const headers = {'content-length': BINARY.length - from}
    if (from === 0) response.writeHead(200, headers)
    else
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${from}-${BINARY.length - 1}/${BINARY.length}`,
      })
    response.end(BINARY.subarray(from))
  }
  /** Sends so much of what was asked for, then breaks off. */
  const breakAfter =
    (bytes: number): typeof serve =>
    (_request, response, from) => {
      if (from > 0)
        response.writeHead(206, {'content-range': `bytes ${from}-`, 'content-length': BINARY.length - from})
      else response.writeHead(200, {'content-length': BINARY.length})
      response.write(BINARY.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 20))
    }

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-download-'))
    target = join(dir, 'k3s')
    ranges = []
    serve = rest
    server = createServer((request, response) => {
      if (request.url?.endsWith('.txt')) return response.end(`${SHA256}  k3s\n`)
      ranges.push(request.headers.range)
      return serve(request, response, Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await rm(dir, {recursive: true, force: true})
  })

  const run = (more: Partial<DownloadOptions> = {}): Promise<void> =>
    downloadK3s(target, {
      version: 'v1.34.1+k3s1',
      baseUrl,
      platform: 'linux',
      arch: 'x64',
      signal: new AbortController().signal,
      pauseMs: 5,
      ...more,
    })
  const isWhole = async (): Promise<void> => {
    assert.ok((await readFile(target)).equals(BINARY))
    assert.equal((await stat(target)).mode & 0o777, 0o755)
    assert.deepEqual(await readdir(dir), ['k3s'])
  }

  it('says how far it is', async () => {
    const told: string[] = []
    await run({onProgress: (detail) => told.push(detail)})
    assert.match(told[0]!, /^\[#*-*\] \d+ % of 2\.9 MiB$/)
    assert.equal(told.at(-1), '[####################] 100 % of 2.9 MiB')
    await isWhole()
  })

  it('goes on where it broke off, as often as it gets on', async () => {
    let times = 0
    serve = (...args) => (++times <= 8 ? breakAfter(200_000) : rest)(...args)
    await run()
    assert.equal(ranges.length, 9)
    assert.equal(ranges[0], undefined)
    assert.ok(ranges.slice(1).every((range) => range !== undefined))
    await isWhole()
  })

  it('gives up on one that does not get on, and goes on with its part in the next run', async () => {
    serve = breakAfter(0)
    await assert.rejects(run(), {code: 'DAAS-J108'})
    const part = `k3s.${SHA256.slice(0, 16)}.${NOBODY}-x.part`
    await writeFile(join(dir, part), BINARY.subarray(0, 1_000_000))
    // Of another release, and of a process that runs: not ours to touch.
    const others = [`k3s.${'0'.repeat(16)}.${NOBODY}-x.part`, `k3s.${SHA256.slice(0, 16)}.1-x.part`]
    for (const other of others) await writeFile(join(dir, other), 'x')
    serve = rest
    ranges = []
    await run()
    assert.deepEqual(ranges, ['bytes=1000000-'])
    assert.ok((await readFile(target)).equals(BINARY))
    const left = await readdir(dir)
    assert.ok(others.every((other) => left.includes(other)))
    assert.equal(left.includes(part), false)
  })

  it('begins anew where the server knows no ranges, and needs nothing where all of it is there', async () => {
    const part = join(dir, `k3s.${SHA256.slice(0, 16)}.${NOBODY}-x.part`)
    await writeFile(part, BINARY.subarray(0, 10))
    serve = (_request, response) => response.end(BINARY)
    await run()
    await isWhole()
    await writeFile(part, BINARY)
    serve = (_request, response) => response.writeHead(416).end()
    await run()
    await isWhole()
  })

  it('keeps nothing that is not what the release says, however it came together', async () => {
    await writeFile(join(dir, `k3s.${SHA256.slice(0, 16)}.${NOBODY}-x.part`), randomBytes(1000))
    await assert.rejects(run(), {code: 'DAAS-J107'})
    assert.deepEqual(await readdir(dir), [])
    await writeFile(join(dir, `k3s.${SHA256.slice(0, 16)}.${NOBODY}-x.part`), BINARY.subarray(0, 1000))
    serve = (_request, response) =>
      response.writeHead(206, {'content-range': 'bytes 5-'}).end(BINARY.subarray(5))
    await assert.rejects(run(), {code: 'DAAS-J108'})
  })

  it('by several at once is no mixture', async () => {
    await Promise.all(Array.from({length: 4}, () => run()))
    await isWhole()
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    serve = (_request, response) => {
      response.writeHead(200, {'content-length': BINARY.length})
      response.write(BINARY.subarray(0, 1000))
      setTimeout(() => stop.abort(new Error('told')), 20)
    }
    await assert.rejects(run({signal: stop.signal}), {message: 'told'})
  })
})
