/** The faucet: an account made of the seed, and the transactions with which it gives. */
import {bcs} from '@mysten/sui/bcs'
import type {StoredObject} from '../ledger/api.ts'
import {blake2b256} from '../vm/blake2b.ts'
import {REFERENCE_GAS_PRICE} from './gas.ts'
import {SyncSigner} from './signatures.ts'

const FUNDING_BUDGET = 10_000_000n

/** Signs at once, not in a promise, so that no other transaction can come between its coin and its use. */
export class Faucet {
  readonly address: string
  readonly #signer: SyncSigner

  /** @param seed of the devnet, 32 bytes */
  constructor(seed: Uint8Array) {
    this.#signer = new SyncSigner(blake2b256(new TextEncoder().encode('daas-devnet-faucet'), seed))
    this.address = this.#signer.address
  }

  /** A signed transaction that splits an amount off a coin of the faucet for somebody. */
  give(coin: StoredObject, recipient: string, amount: bigint): {bytes: Uint8Array; signature: Uint8Array} {
    const bytes = bcs.TransactionData.serialize({
      V1: {
        kind: {
          ProgrammableTransaction: {
            inputs: [
              {Pure: {bytes: bcs.U64.serialize(amount).toBase64()}},
              {Pure: {bytes: bcs.Address.serialize(recipient).toBase64()}},
            ],
            commands: [
              {SplitCoins: {coin: {GasCoin: true}, amounts: [{Input: 0}]}},
              {TransferObjects: {objects: [{Result: 0}], address: {Input: 1}}},
            ],
          },
        },
        sender: this.address,
        gasData: {
          payment: [{objectId: coin.id, version: coin.version.toString(), digest: coin.digest}],
          owner: this.address,
          price: REFERENCE_GAS_PRICE.toString(),
          budget: FUNDING_BUDGET.toString(),
        },
        expiration: {None: true},
      },
    }).toBytes()
    return {bytes, signature: this.#signer.sign(bytes)}
  }
}
