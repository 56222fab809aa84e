import {blake2b256} from './vm/blake2b.ts'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'

/** An account of the devnet. Its key is derived from the seed and so no secret: never use it elsewhere. */
export interface DevnetAccount {
  readonly address: string
  /** `suiprivkey1…` */
  readonly secretKey: string
}

/**
 * Derives accounts from the seed of a devnet: same seed, same accounts.
 * @param count how many
 */
export function deriveAccounts(seed: string, count: number): DevnetAccount[] {
  return Array.from({length: count}, (_, index) => {
    const text = new TextEncoder().encode(`daas.devnet.account.v1\n${index}\n${seed}`)
    const keypair = Ed25519Keypair.fromSecretKey(blake2b256(text))
    return {address: keypair.toSuiAddress(), secretKey: keypair.getSecretKey()}
  })
}
