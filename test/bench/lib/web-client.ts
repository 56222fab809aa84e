/** Sends gRPC-web requests that are already encoded, from a process of its own, and says how long they took. */
import {Pool} from 'undici'

/** What the parent sends. */
export interface WebBatch {
  readonly url: string
  readonly path: string
  readonly bodies: readonly Uint8Array[]
  readonly connections: number
}

process.on('message', (batch: WebBatch) => void send(batch))

async function send({url, path, bodies, connections}: WebBatch): Promise<void> {
  const pool = new Pool(url, {connections})
  let next = 0
  let failed = 0
  const started = performance.now()
  const lane = async (): Promise<void> => {
    while (next < bodies.length) {
      const body = bodies[next++]!
      const answer = await pool.request({
        method: 'POST',
        path,
        headers: {'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1'},
        body,
      })
      const bytes = Buffer.from(await answer.body.arrayBuffer())
      if (!bytes.includes('grpc-status: 0')) failed += 1
    }
  }
  await Promise.all(Array.from({length: connections}, lane))
  const ms = performance.now() - started
  await pool.close()
  process.send!({ms, failed})
}
