import {daasError, DaasError} from '../errors/daas-error.ts'

interface RpcLike {
  readonly name: string
  readonly code?: string
  readonly message: string
}

const UNREACHABLE =
  /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|UND_ERR_\w+|CERT_\w+|DEPTH_ZERO\w+|fetch failed|other side closed)\b/

/**
 * Turns what the SDK throws into an error of the catalogue: a node that does not answer, or one that answers badly.
 * Errors of the catalogue, aborts, and anything that is no RPC error come back as they are.
 * @param url the node's URL, for the sentence
 */
export function toRpcError(error: unknown, url: string): unknown {
  if (error instanceof DaasError) return error
  const rpc = findRpcError(error)
  if (!rpc) return error
  const unreachable = UNREACHABLE.exec(rpc.message)
  if (unreachable || rpc.code === 'UNAVAILABLE') {
    return daasError('RPC_UNREACHABLE', {url, cause: unreachable?.[0] ?? rpc.message}, {cause: error})
  }

  return daasError('RPC_FAILED', {url, status: rpc.code ?? 'UNKNOWN', reason: rpc.message}, {cause: error})
}

/** Runs a piece of work against a node and lets its RPC failures out as errors of the catalogue. */
export async function withRpcErrors<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toRpcError(error, url)
  }
}

/** The RPC error in a chain of causes, if there is one. */
export function findRpcError(error: unknown): RpcLike | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.name === 'RpcError') return at as RpcLike
  }

  return undefined
}
