import type {IncomingMessage, ServerResponse} from 'node:http'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import type {Duplex} from 'node:stream'
import {KubeConfig} from '@kubernetes/client-node'
import {createKubeHttp} from '../../../src/lib/kube/kube-http.ts'
import type {KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {createPinnedCertificate} from '../../../src/lib/seal/tls-pin.ts'

type Json = Record<string, unknown>
interface Stored extends Json {
  metadata: Json & {name: string}
}

const COLLECTION = /^\/(api\/v1|apis\/[^/]+\/[^/]+)(\/namespaces\/[^/]+)?\/[^/]+$/

/** A Kubernetes API for unit tests: a store of objects by path, no rules, every call on record. */
export interface FakeKube {
  kubeConfig: KubeConfig
  http: KubeHttp
  /** `<collection>/<name>` -> object. */
  objects: Map<string, Stored>
  /** `METHOD path`, in order. */
  calls: string[]
  /** Headers of the last call. */
  lastHeaders(): Record<string, string | string[] | undefined>
  /** Answers matching calls by itself; return undefined for the usual way. */
  intercept: (call: string) => {status: number; body: unknown} | undefined
  /** Takes a request before its body is read; return false for the usual way. */
  serve: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Takes connections that leave HTTP. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  put(path: string, object: Json): void
  /** Ends all watches. @param gone whether the server has forgotten the versions that it gave out */
  endWatches(gone?: boolean): void
  close(): Promise<void>
}

/** Starts one on a free port of the loopback interface. */
export async function startFakeKube(): Promise<FakeKube> {
  const {certPem, keyPem} = await createPinnedCertificate(['127.0.0.1'])
  let version = 0
  const watches = new Map<ServerResponse, string>()
  /** Versions before this one are forgotten. */
  let oldest = 0
  const tell = (type: string, path: string, object: Stored): void => {
    for (const [response, collection] of watches) {
      if (isIn(path, collection)) response.write(`${JSON.stringify({type, object})}\n`)
    }
  }
  class Objects extends Map<string, Stored> {
    override delete(path: string): boolean {
      const object = this.get(path)
      if (object !== undefined) {
        const resourceVersion = String(++version)
        tell('DELETED', path, {...object, metadata: {...object.metadata, resourceVersion}})
      }

      return super.delete(path)
    }
  }
  const objects = new Objects()
  const calls: string[] = []
  let headers: Record<string, string | string[] | undefined> = {}

  const put = (path: string, object: Json): void => {
    const metadata = {
      name: path.split('/').at(-1)!,
      ...(object.metadata as Json),
      resourceVersion: String(++version),
    }
    const type = objects.has(path) ? 'MODIFIED' : 'ADDED'
    objects.set(path, {...object, metadata})
    tell(type, path, objects.get(path)!)
  }
  const fake = {
    intercept: (_call: string): {status: number; body: unknown} | undefined => undefined,
    serve: (_request: IncomingMessage, _response: ServerResponse): boolean => false,
    upgrade: (_request: IncomingMessage, socket: Duplex, _head: Buffer): void => void socket.destroy(),
  }

  const server = createServer({cert: certPem, key: keyPem}, (request, response) => {
    if (fake.serve(request, response)) return
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const call = `${request.method} ${request.url}`
      calls.push(call)
      headers = request.headers
      const text = Buffer.concat(parts).toString()
      const intercepted = fake.intercept(call)
      if (intercepted === undefined && / \S+[?&]watch=true/.test(call)) return watch(request.url!, response)
      const answer =
        intercepted ?? handle(request.method!, request.url!, text === '' ? {} : (JSON.parse(text) as Json))
      response.writeHead(answer.status, {'content-type': 'application/json'})
      response.end(JSON.stringify(answer.body))
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    fake.upgrade(request, socket, head),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo

  function handle(method: string, url: string, body: Json): {status: number; body: unknown} {
    const {pathname, searchParams} = new URL(url, 'http://fake')
    if (method === 'POST' && pathname.endsWith('/eviction')) {
      return objects.delete(pathname.replace(/\/eviction$/, '')) ? {status: 201, body} : status(404)
    }

    if (method === 'POST') {
      const path = `${pathname}/${(body.metadata as {name: string}).name}`
      if (objects.has(path)) return status(409)
      put(path, body)
      return {status: 201, body: objects.get(path)}
    }

    const existing = objects.get(pathname)
    if (method === 'GET' && existing === undefined) {
      const node = searchParams.get('fieldSelector')?.replace('spec.nodeName=', '')
      const items = [...objects]
        .filter(([path]) => isIn(path, pathname))
        .map(([, object]) => object)
        .filter((object) => node === undefined || (object.spec as Json | undefined)?.nodeName === node)
      const metadata = {resourceVersion: String(version)}
      return !COLLECTION.test(pathname) ? status(404) : {status: 200, body: {metadata, items}}
    }

    if (existing === undefined) return status(404)
    const wanted = (body.metadata as Json | undefined)?.resourceVersion
    if (wanted !== undefined && wanted !== existing.metadata.resourceVersion) return status(409)
    if (method === 'PUT') put(pathname, body)
    if (method === 'PATCH') put(pathname, merge(existing, body) as Json)
    if (method === 'DELETE') objects.delete(pathname)
    return {status: 200, body: objects.get(pathname) ?? existing}
  }

  /** As a real one: from a version on, what is newer than it first; 410 where that is forgotten. */
  function watch(url: string, response: ServerResponse): void {
    const {pathname, searchParams} = new URL(url, 'http://fake')
    const from = Number(searchParams.get('resourceVersion'))
    if (from < oldest) {
      response.writeHead(410, {'content-type': 'application/json'})
      return void response.end(JSON.stringify(status(410).body))
    }

    response.writeHead(200, {'content-type': 'application/json'})
    response.flushHeaders()
    for (const [path, object] of objects) {
      if (isIn(path, pathname) && Number(object.metadata.resourceVersion) > from) {
        response.write(`${JSON.stringify({type: 'ADDED', object})}\n`)
      }
    }

    watches.set(response, pathname)
    response.once('close', () => watches.delete(response))
  }

  const kubeConfig = new KubeConfig()
  kubeConfig.loadFromClusterAndUser(
    {
      name: 'fake',
      server: `https://127.0.0.1:${port}`,
      caData: Buffer.from(certPem).toString('base64'),
      skipTLSVerify: false,
    },
    {name: 'fake', token: 'fake-admin-token'},
  )
  const http = createKubeHttp(kubeConfig)
  return Object.assign(fake, {
    kubeConfig,
    http,
    objects,
    calls,
    put,
    lastHeaders: () => headers,
    endWatches: (gone = false) => {
      if (gone) oldest = ++version
      const ended = [...watches.keys()]
      watches.clear()
      for (const response of ended) response.end()
    },
    close: async () => {
      http.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

/** Whether an object lies in a collection; `/api/v1/pods` means those of all namespaces. */
function isIn(path: string, collection: string): boolean {
  const parent = path.slice(0, path.lastIndexOf('/'))
  return parent === collection || parent.replace(/\/namespaces\/[^/]+\//, '/') === collection
}

function merge(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const merged: Json = {...(target as Json)}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = merge(merged[key] ?? {}, value)
  }

  return merged
}

function status(code: number): {status: number; body: unknown} {
  return {
    status: code,
    body: {kind: 'Status', status: 'Failure', code, reason: `Reason${code}`, message: `said ${code}`},
  }
}
