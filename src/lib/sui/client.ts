import {SuiGrpcClient} from '@mysten/sui/grpc'
import {Agent} from 'undici'

/** What a client is made of. */
export interface SuiClientOptions {
  /** Base URL of the gRPC API. */
  readonly url: string
  /** Name of the network, for the SDK's own defaults. */
  readonly network?: string
  /** How long a node may take to begin an answer, ms; default 30 s. Streams begin at once. */
  readonly answerMs?: number
}

const ANSWER_MS = 30_000

/**
 * Makes the stock client of the SDK, with two of its edges rounded: a failure to connect names the URL and the
 * cause, a node that takes connections and says nothing is given up, and an idle event stream is not cut after
 * five minutes (the bodyTimeout of undici).
 * @example const client = createSuiClient({url: 'http://127.0.0.1:9000'})
 */
export function createSuiClient(options: SuiClientOptions): SuiGrpcClient {
  const {url, network = 'localnet'} = options
  const dispatcher = new Agent({bodyTimeout: 0, headersTimeout: options.answerMs ?? ANSWER_MS})
  return new SuiGrpcClient({
    network,
    baseUrl: url,
    format: 'binary',
    fetch: async (input, init) => {
      try {
        return await fetch(input, init)
      } catch (error) {
        throw namedCause(error, url)
      }
    },
    // `dispatcher` is Node's own extension of RequestInit, unknown to the SDK's types.
    fetchInit: {dispatcher} as unknown as Omit<RequestInit, 'body' | 'headers' | 'method' | 'signal'>,
  })
}

function namedCause(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError') return error
  const cause = error.cause as {code?: string; message?: string} | undefined
  return new Error(`${cause?.code ?? cause?.message ?? error.message} ${url}`, {cause: error})
}
