/** The coin that pays for simulations which name none. */
import type {StoredObject} from '../ledger/api.ts'
import {coinContents, finishObject, GAS_COIN_TYPE} from '../ledger/object.ts'
import {NO_TRANSACTION} from './execute.ts'

const MOCK_ID = `0x${'f'.repeat(64)}`

/** A Coin<SUI> of so many MIST that is in no store. */
export function mockGasCoin(owner: string, balance: bigint): StoredObject {
  const draft = {
    id: MOCK_ID,
    owner: {kind: 'address', address: owner},
    type: GAS_COIN_TYPE,
    hasPublicTransfer: true,
    contents: coinContents(MOCK_ID, balance),
    package: undefined,
  } as const
  return finishObject(draft, 1n, NO_TRANSACTION, 0n)
}
