/**
 * Any network that documented calls of the SDK can be tried on: a devnet of our own, or the one at DAAS_TEST_RPC_URL, with
 * the funded key (suiprivkey1…) of DAAS_TEST_KEY, and its faucet, if any, at DAAS_TEST_FAUCET_URL.
 */
import {SuiGrpcClient} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import type {Transaction} from '@mysten/sui/transactions'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {skipFor} from '../../helpers/skip.ts'

const {DAAS_TEST_RPC_URL: given, DAAS_TEST_KEY: key, DAAS_TEST_FAUCET_URL: givenFaucet} = process.env

export const SUI = '0x2::sui::SUI'

/** The name of the network, for titles. */
export const networkName = given ?? 'a devnet'

/** A client of the network, and somebody with coins on it. */
export interface AnyNetwork {
  readonly client: SuiGrpcClient
  readonly signer: Ed25519Keypair
  readonly address: string
  readonly faucetUrl: string | undefined
}

/**
 * Opens the network before the tests of a `describe`, and closes what it started after them.
 * @param seed of the devnet, where it is one
 * @returns what is there from the first `before` on
 */
export function useAnyNetwork(seed: string): () => AnyNetwork {
  let devnet: Devnet | undefined
  let network: AnyNetwork | undefined
  before(function () {
    if (given !== undefined && key === undefined)
      skipFor(this, 'a funded key', 'set DAAS_TEST_KEY to suiprivkey1…')
  })
  before(async () => {
    devnet = given === undefined ? await startDevnet({seed}) : undefined
    const signer = Ed25519Keypair.fromSecretKey(key ?? devnet!.accounts[0]!.secretKey)
    network = {
      client: new SuiGrpcClient({network: 'localnet', baseUrl: given ?? devnet!.url}),
      signer,
      address: signer.toSuiAddress(),
      faucetUrl: givenFaucet ?? devnet?.faucetUrl,
    }
  })
  after(() => devnet?.close())
  return () => {
    if (network === undefined) throw new Error('the network is not open yet')
    return network
  }
}

/** Signs, executes and waits until everybody sees it. */
export async function execute({client, signer}: AnyNetwork, transaction: Transaction) {
  const result = await client.signAndExecuteTransaction({
    transaction,
    signer,
    include: {effects: true, balanceChanges: true, events: true, objectTypes: true},
  })
  await client.waitForTransaction({result})
  return result
}
