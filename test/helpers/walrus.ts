import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'

/**
 * A stand-in for a Walrus daemon on loopback: the two paths of its HTTP API, in memory. It is no Walrus: there are no
 * storage nodes behind it, and its blob ids are SHA-256, which those of Walrus are not.
 */
export interface WalrusStandIn {
  readonly url: string
  /** Blobs by id. */
  readonly blobs: Map<string, Buffer>
  /** Method and URL of each request. */
  readonly requests: string[]
  /** Answers every request with this status instead, where it is set. */
  failWith: number | undefined
  close(): Promise<void>
}

/** Starts a stand-in. */
export async function startWalrusStandIn(): Promise<WalrusStandIn> {
  const blobs = new Map<string, Buffer>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      requests.push(`${request.method} ${request.url}`)
      const url = new URL(request.url ?? '', 'http://stand-in')
      const id = /^\/v1\/blobs\/([\w-]{43})$/.exec(url.pathname)?.[1]
      if (standIn.failWith !== undefined) response.writeHead(standIn.failWith).end()
      else if (request.method === 'PUT' && url.pathname === '/v1/blobs') {
        const bytes = Buffer.concat(parts)
        const blobId = createHash('sha256').update(bytes).digest('base64url')
        const known = blobs.has(blobId)
        blobs.set(blobId, bytes)
        const body = known
          ? {alreadyCertified: {blobId, endEpoch: 7}}
          : {newlyCreated: {blobObject: {blobId}}}
        response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(body))
      } else if (request.method === 'GET' && id !== undefined && blobs.has(id)) {
        response.writeHead(200, {'content-type': 'application/octet-stream'}).end(blobs.get(id))
      } else response.writeHead(404).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const standIn: WalrusStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    blobs,
    requests,
    failWith: undefined,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  return standIn
}
