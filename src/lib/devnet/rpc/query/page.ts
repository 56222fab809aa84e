import {invalidArgument} from '../status.ts'

const defaultPageSize = 50
const maxPageSize = 1000

/** What a page is asked with. */
export interface PageRequest {
  readonly pageSize?: number
  readonly pageToken?: Uint8Array
}

/** A page; the token is set when there is more. */
export interface Page<Item> {
  readonly items: Item[]
  readonly nextPageToken: Uint8Array | undefined
}

/**
 * One page of a list that may change between two pages: the token is the key of the last item given.
 * @param items sorted by their keys
 * @param keyOf its sort key; texts compare as UTF-16
 * @throws RpcFailure INVALID_ARGUMENT for a token that is none
 */
export function pageOf<Item>(
  items: readonly Item[],
  request: PageRequest,
  keyOf: (item: Item) => string,
): Page<Item> {
  const size = Math.min(request.pageSize || defaultPageSize, maxPageSize)
  const last = request.pageToken === undefined ? undefined : decodeToken(request.pageToken)
  const rest = last === undefined ? items : items.filter((item) => keyOf(item) > last)
  const page = rest.slice(0, size)
  const end = page.at(-1)
  const hasMore = rest.length > page.length && end !== undefined
  return {items: page, nextPageToken: hasMore ? Buffer.from(keyOf(end), 'utf8') : undefined}
}

function decodeToken(token: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(token)
  } catch (error) {
    throw invalidArgument('invalid page_token', error)
  }
}
