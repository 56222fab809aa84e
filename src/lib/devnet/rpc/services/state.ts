import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode, StoredObject} from '../../ledger/api.ts'
import {type HandlerTable, unary} from '../dispatch.ts'
import {coinBalance, objectToProto, objectTypeOf} from '../proto/object.ts'
import {coinTypeOf, parseType, requireAddress, typeMatcher, typeToString} from '../proto/types.ts'
import {pageOf} from '../query/page.ts'
import {readMask} from '../read-mask.ts'
import {missingField} from '../status.ts'
import {coinInfo} from './coin-info.ts'
import {listDynamicFields} from './dynamic-fields.ts'

const service = 'sui.rpc.v2.StateService'
const maxU64 = (1n << 64n) - 1n

/** StateService: what addresses and objects own now. */
export function stateHandlers(node: DevnetNode): HandlerTable {
  return {
    [`${service}/ListOwnedObjects`]: unary(
      (request: T.ListOwnedObjectsRequest): T.ListOwnedObjectsResponse => {
        const owner = requireAddress(request.owner, 'owner')
        const mask = readMask(T.Object, request.readMask, 'object_id,version,object_type')
        const matches =
          request.objectType === undefined ? () => true : typeMatcher(request.objectType, 'object_type')
        const owned = node.objectsOwnedBy(owner).filter((object) => matches(object.type))
        const keyed = owned.map((object) => ({object, key: ownedKey(object)})).sort(byKey)
        const {items, nextPageToken} = pageOf(keyed, request, {
          scope: `objects ${owner} ${request.objectType ?? ''}`,
          keyOf: ({key}) => key,
          render: ({object}) => mask.prune(objectToProto(node, object, mask)),
          sizeOf: (shown) => T.Object.toBinary(shown).length,
        })
        return {objects: items, nextPageToken}
      },
    ),
    [`${service}/GetBalance`]: unary((request: T.GetBalanceRequest): T.GetBalanceResponse => {
      const owner = requireAddress(request.owner, 'owner')
      if (request.coinType === undefined) throw missingField('coin_type')
      const coinType = typeToString(parseType(request.coinType, 'coin_type'))
      return {balance: balanceProto(coinType, balancesOf(node, owner).get(coinType) ?? 0n)}
    }),
    [`${service}/ListBalances`]: unary((request: T.ListBalancesRequest): T.ListBalancesResponse => {
      const owner = requireAddress(request.owner, 'owner')
      const balances = [...balancesOf(node, owner)]
        .map(([key, balance]) => ({key, balance: balanceProto(key, balance)}))
        .sort(byKey)
      const {items, nextPageToken} = pageOf(balances, request, {
        scope: `balances ${owner}`,
        keyOf: ({key}) => key,
        render: ({balance}) => balance,
      })
      return {balances: items, nextPageToken}
    }),
    [`${service}/GetCoinInfo`]: unary((request: T.GetCoinInfoRequest): T.GetCoinInfoResponse => {
      if (request.coinType === undefined) throw missingField('coin_type')
      return coinInfo(node, typeToString(parseType(request.coinType, 'coin_type')))
    }),
    [`${service}/ListDynamicFields`]: unary(
      (request: T.ListDynamicFieldsRequest): T.ListDynamicFieldsResponse => {
        return listDynamicFields(node, request)
      },
    ),
  }
}

/**
 * The coins of an address that may pay for gas or be spent, the richest first.
 * @param coinType in full
 */
export function coinsOf(node: DevnetNode, owner: string, coinType: string): StoredObject[] {
  return node
    .objectsOwnedBy(owner)
    .filter((object) => {
      const type = coinTypeOf(object.type)
      return type !== undefined && typeToString(type) === coinType
    })
    .map((object) => ({object, key: ownedKey(object)}))
    .sort(byKey)
    .map(({object}) => object)
}

function balancesOf(node: DevnetNode, owner: string): Map<string, bigint> {
  const balances = new Map<string, bigint>()
  for (const object of node.objectsOwnedBy(owner)) {
    const type = coinTypeOf(object.type)
    if (type === undefined) continue
    const name = typeToString(type)
    balances.set(name, (balances.get(name) ?? 0n) + (coinBalance(object) ?? 0n))
  }
  return balances
}

/** Of a balance that is 0, and of address balances that nobody has, real nodes say nothing. */
function balanceProto(coinType: string, balance: bigint): T.Balance {
  return balance === 0n ? {coinType, balance} : {coinType, balance, coinBalance: balance}
}

/** The order of real nodes: by type, then coins by descending balance, then by id. */
function ownedKey(object: StoredObject): string {
  const inverted = maxU64 - (coinBalance(object) ?? 0n)
  return `${objectTypeOf(object)} ${String(inverted).padStart(20, '0')} ${object.id}`
}

function byKey(a: {readonly key: string}, b: {readonly key: string}): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}
