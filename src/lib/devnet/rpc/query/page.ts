import {invalidField} from '../status.ts'

/** How many items a page has by default and at most. */
export interface PageLimits {
  readonly defaultSize: number
  readonly maxSize: number
}

const usualLimits: PageLimits = {defaultSize: 50, maxSize: 1000}
/** A page ends with the item that reaches this size, as on real nodes. */
const maxPageBytes = 512 * 1024

/** What a page is asked with. */
export interface PageRequest {
  readonly pageSize?: number
  readonly pageToken?: Uint8Array
}

/** How the items of a list become those of a page. */
export interface PageRules<Item, Shown> {
  /** What is listed: the token of one list is refused by another. */
  readonly scope: string
  /** The sort key of an item; texts compare as UTF-16. */
  keyOf(item: Item): string
  render(item: Item): Shown
  /** Bytes of what is shown; none: pages are not limited by bytes. */
  sizeOf?(shown: Shown): number
  readonly limits?: PageLimits
}

/** A page; the token is set when there is more. */
export interface Page<Shown> {
  readonly items: Shown[]
  readonly nextPageToken: Uint8Array | undefined
}

/**
 * One page of a list that may change between two pages: the token is the key of the last item given.
 * @param items sorted by their keys
 * @throws RpcFailure INVALID_ARGUMENT for a token that is none, or of another list
 */
export function pageOf<Item, Shown>(
  items: readonly Item[],
  request: PageRequest,
  {scope, keyOf, render, sizeOf = () => 0, limits = usualLimits}: PageRules<Item, Shown>,
): Page<Shown> {
  const size = clamp(request.pageSize ?? limits.defaultSize, limits.maxSize)
  const last = request.pageToken === undefined ? undefined : decodeToken(request.pageToken, scope)
  const rest = last === undefined ? items : items.filter((item) => keyOf(item) > last)
  const shown: Shown[] = []
  let bytes = 0
  for (const item of rest) {
    const one = render(item)
    shown.push(one)
    bytes += sizeOf(one)
    if (shown.length >= size || bytes >= maxPageBytes) break
  }
  const end = rest[shown.length - 1]
  const hasMore = rest.length > shown.length && end !== undefined
  return {items: shown, nextPageToken: hasMore ? encodeToken(scope, keyOf(end)) : undefined}
}

/** A size that was asked for, as real nodes take it: at least 1. */
export function clamp(size: number, max: number): number {
  return Math.min(Math.max(size, 1), max)
}

function encodeToken(scope: string, key: string): Uint8Array {
  return Buffer.from(`${scope}\n${key}`, 'utf8')
}

function decodeToken(token: Uint8Array, scope: string): string {
  const text = Buffer.from(token).toString('utf8')
  const prefix = `${scope}\n`
  if (!text.startsWith(prefix)) throw invalidField('page_token', 'invalid page_token')
  return text.slice(prefix.length)
}
