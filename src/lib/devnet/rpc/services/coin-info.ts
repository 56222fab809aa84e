import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode, StoredObject} from '../../ledger/api.ts'
import {objectJson} from '../proto/object.ts'
import {frameworkAddress, suiType} from '../proto/types.ts'
import {notFound} from '../status.ts'

/** All SUI there will ever be, in MIST (sui-types gas_coin). */
const totalSupplyMist = 10_000_000_000n * 1_000_000_000n
const nobody = `0x${'0'.repeat(64)}`

/**
 * What is known of a coin: its metadata and treasury objects. SUI has none on a devnet; what it is, is known.
 * @param coinType in full
 * @throws RpcFailure NOT_FOUND
 */
export function coinInfo(node: DevnetNode, coinType: string): T.GetCoinInfoResponse {
  if (coinType === suiType) {
    return {
      coinType,
      metadata: {decimals: 9, name: 'Sui', symbol: 'SUI', description: ''},
      treasury: {totalSupply: totalSupplyMist, supplyState: T.CoinTreasury_SupplyState.FIXED},
      regulatedMetadata: unknownRegulation,
    }
  }
  const metadata = node.objectsOfType(`${frameworkAddress}::coin::CoinMetadata<${coinType}>`)[0]
  const treasury = node.objectsOfType(`${frameworkAddress}::coin::TreasuryCap<${coinType}>`)[0]
  if (metadata === undefined && treasury === undefined) throw notFound(`Coin type ${coinType} not found`)
  return {
    coinType,
    ...(metadata === undefined ? {} : {metadata: metadataOf(node, metadata)}),
    ...(treasury === undefined ? {} : {treasury: treasuryOf(node, treasury)}),
    regulatedMetadata: unknownRegulation,
  }
}

/** A devnet has no deny lists, and of a coin of that kind Sui says the same. */
const unknownRegulation: T.RegulatedCoinMetadata = {
  coinRegulatedState: T.RegulatedCoinMetadata_CoinRegulatedState.COIN_REGULATED_STATE_UNKNOWN,
}

function metadataOf(node: DevnetNode, object: StoredObject): T.CoinMetadata {
  const fields = objectJson(node.vm, object) as {
    decimals: number
    name: string
    symbol: string
    description: string
    icon_url: string | null
  }
  const {decimals, name, symbol, description} = fields
  return {
    id: object.id,
    decimals,
    name,
    symbol,
    description,
    ...(fields.icon_url ? {iconUrl: fields.icon_url} : {}),
  }
}

function treasuryOf(node: DevnetNode, object: StoredObject): T.CoinTreasury {
  const {total_supply: supply} = objectJson(node.vm, object) as {total_supply: {value: string} | string}
  const {owner} = object
  const isOut = owner.kind === 'immutable' || (owner.kind === 'address' && owner.address === nobody)
  const states = T.CoinTreasury_SupplyState
  return {
    id: object.id,
    totalSupply: BigInt(typeof supply === 'string' ? supply : supply.value),
    supplyState: isOut ? states.FIXED : states.SUPPLY_STATE_UNKNOWN,
  }
}
