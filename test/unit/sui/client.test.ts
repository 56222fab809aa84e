import assert from 'node:assert/strict'
import {createServer, type Server} from 'node:net'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import {withRpcErrors} from '../../../src/lib/sui/rpc-errors.ts'

describe('the client of a chain', () => {
  let server: Server
  let url: string
  beforeEach(async () => {
    server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as {port: number}).port}`
  })
  afterEach(() => server.close())

  const ask = (answerMs?: number) =>
    withRpcErrors(url, () => createSuiClient({url, ...(answerMs && {answerMs})}).getReferenceGasPrice())
  const unreachable = (cause: string) => (error: unknown) =>
    error instanceof DaasError &&
    error.errorName === 'RPC_UNREACHABLE' &&
    error.message.includes(url) &&
    error.message.includes(cause)

  it('gives up on a node that takes the connection and says nothing', async () => {
    await assert.rejects(ask(100), unreachable('UND_ERR_HEADERS_TIMEOUT'))
  })

  it('names the URL and the cause where nothing listens', async () => {
    await new Promise((resolve) => server.close(resolve))
    await assert.rejects(ask(), unreachable('ECONNREFUSED'))
  })
})
