import {ObjectError, type ClientWithCoreApi} from '@mysten/sui/client'
import {isValidSuiObjectId, normalizeSuiAddress} from '@mysten/sui/utils'
import {daasError} from '../errors/daas-error.ts'

/** An object of the package as it lies on chain. */
export interface RawObject {
  readonly id: string
  /** The package that defines its type. */
  readonly packageId: string
  /** BCS of its Move value. */
  readonly content: Uint8Array
}

/**
 * Reads an object and checks what it is.
 * @param kind `module::Type`, without the package
 * @throws OBJECT_MISSING, OBJECT_WRONG_TYPE
 */
export async function readObject(
  client: ClientWithCoreApi,
  id: string,
  kind: string,
  signal?: AbortSignal,
): Promise<RawObject> {
  if (!isValidSuiObjectId(normalizeSuiAddress(id))) throw daasError('OBJECT_MISSING', {id})
  try {
    const {object} = await client.core.getObject({
      objectId: normalizeSuiAddress(id),
      include: {content: true},
      ...(signal && {signal}),
    })
    return rawObject(object, kind)
  } catch (error) {
    if (isMissing(error)) throw daasError('OBJECT_MISSING', {id}, {cause: error})
    throw error
  }
}

/** How many objects one call reads: what a Sui node takes in one BatchGetObjects. */
const BATCH = 50

/**
 * Reads many objects, {@link BATCH} in a call.
 * @returns in the order of the ids; undefined where there is none, or it is of another type
 */
export async function readObjects(
  client: ClientWithCoreApi,
  ids: readonly string[],
  kind: string,
  signal?: AbortSignal,
): Promise<(RawObject | undefined)[]> {
  const found: (RawObject | undefined)[] = []
  for (let at = 0; at < ids.length; at += BATCH) {
    const {objects} = await client.core.getObjects({
      objectIds: ids.slice(at, at + BATCH).map((id) => normalizeSuiAddress(id)),
      include: {content: true},
      ...(signal && {signal}),
    })
    for (const object of objects) {
      if (!(object instanceof Error))
        found.push(isOfKind(object.type, kind) ? rawObject(object, kind) : undefined)
      else if (isMissing(object)) found.push(undefined)
      else throw object
    }
  }

  return found
}

/**
 * All objects of a type that an address owns.
 * @param type full type, with the package
 */
export async function listObjects(
  client: ClientWithCoreApi,
  owner: string,
  type: string,
  signal?: AbortSignal,
): Promise<RawObject[]> {
  const found: RawObject[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof client.core.listOwnedObjects<{content: true}>>> =
      await client.core.listOwnedObjects({
        owner,
        type,
        cursor,
        include: {content: true},
        ...(signal && {signal}),
      })
    found.push(...page.objects.map((object) => rawObject(object, type.slice(type.indexOf('::') + 2))))
    cursor = page.hasNextPage ? page.cursor : null
  } while (cursor !== null)
  return found
}

/** Whether an error says that an object is not there, or not any more. */
export function isMissing(error: unknown): boolean {
  return error instanceof ObjectError && (error.reason === 'notFound' || error.reason === 'deleted')
}

function isOfKind(type: string, kind: string): boolean {
  return type.slice(type.indexOf('::') + 2) === kind
}

function rawObject(object: {objectId: string; type: string; content: Uint8Array}, kind: string): RawObject {
  const [packageId = '', ...rest] = object.type.split('::')
  if (rest.join('::') !== kind) {
    throw daasError('OBJECT_WRONG_TYPE', {id: object.objectId, expected: kind, actual: object.type})
  }
  return {id: object.objectId, packageId: normalizeSuiAddress(packageId), content: object.content}
}
