import type {DevnetNode} from '../ledger/api.ts'
import {requireAddress} from './proto/types.ts'
import type {HttpRoute} from './server.ts'
import {invalidArgument, toFailure} from './status.ts'
import {readBody} from './transport/body.ts'

const maxRequestBytes = 64 * 1024

/**
 * The faucet that `requestSuiFromFaucetV2` knows: `POST /v2/gas` (facts/sui.md 4).
 * @param amountMist what one request is given
 */
export function faucetRoute(node: DevnetNode, amountMist: bigint): HttpRoute {
  return async (request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
    }
    try {
      const recipient = requireAddress(recipientOf(await readBody(request, maxRequestBytes)), 'recipient')
      const {coinId, digest} = await node.fund(recipient, amountMist)
      answer(200, {
        status: 'Success',
        coins_sent: [{amount: Number(amountMist), id: coinId, transferTxDigest: digest}],
      })
    } catch (error) {
      const failure = toFailure(error)
      const status = failure.status === 'INVALID_ARGUMENT' ? 400 : 500
      answer(status, {status: {Failure: {internal: failure.message}}, coins_sent: null})
    }
  }
}

/** `GET /health`: that the devnet is up, and which chain it is. */
export function healthRoute(node: DevnetNode): HttpRoute {
  return async (_request, response) => {
    const body = {status: 'ok', chainId: node.chainId, checkpoint: String(node.tip().sequenceNumber)}
    response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(body))
  }
}

function recipientOf(body: Buffer | undefined): string | undefined {
  const parsed = parseJson((body ?? Buffer.alloc(0)).toString('utf8')) as
    {FixedAmountRequest?: {recipient?: unknown}} | null | undefined
  const recipient = parsed?.FixedAmountRequest?.recipient
  return typeof recipient === 'string' ? recipient : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalidArgument('the body is no JSON', error)
  }
}
