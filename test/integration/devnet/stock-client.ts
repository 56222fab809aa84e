/** The stock, unmodified client of the SDK over each transport, and short words for what the tests do with it. */
import {ChannelCredentials} from '@grpc/grpc-js'
import {bcs} from '@mysten/sui/bcs'
import {SuiGrpcClient, GrpcTypes as T} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Transaction} from '@mysten/sui/transactions'
import {GrpcTransport} from '@protobuf-ts/grpc-transport'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {readDaasPackage} from '../../../src/lib/contracts/package.ts'

/** Opens a client on a devnet. */
export const transports: Record<string, (url: string) => {client: SuiGrpcClient; close(): void}> = {
  'gRPC-web text': (baseUrl) => ({
    client: new SuiGrpcClient({network: 'localnet', baseUrl}),
    close: () => undefined,
  }),
  'gRPC-web binary': (baseUrl) => ({
    client: new SuiGrpcClient({network: 'localnet', baseUrl, format: 'binary'}),
    close: () => undefined,
  }),
  'native gRPC': (url) => {
    const transport = new GrpcTransport({
      host: new URL(url).host,
      channelCredentials: ChannelCredentials.createInsecure(),
    })
    return {client: new SuiGrpcClient({network: 'localnet', transport}), close: () => transport.close()}
  },
}

const inputArgument = (input: number): T.Argument => ({kind: T.Argument_ArgumentKind.INPUT, input})

/** A payment of 5 MIST to 0x5 as the messages of the API have it. */
export function structuredPayment(): T.TransactionKind {
  return T.TransactionKind.create({
    data: {
      oneofKind: 'programmableTransaction',
      programmableTransaction: {
        inputs: [
          {kind: T.Input_InputKind.PURE, pure: bcs.u64().serialize(5n).toBytes()},
          {kind: T.Input_InputKind.PURE, pure: bcs.Address.serialize('0x5').toBytes()},
        ],
        commands: [
          {
            command: {
              oneofKind: 'splitCoins',
              splitCoins: {coin: {kind: T.Argument_ArgumentKind.GAS}, amounts: [inputArgument(0)]},
            },
          },
          {
            command: {
              oneofKind: 'transferObjects',
              transferObjects: {
                objects: [{kind: T.Argument_ArgumentKind.RESULT, result: 0, subresult: 0}],
                address: inputArgument(1),
              },
            },
          },
        ],
      },
    },
  })
}

/** Signs and executes; what a test wants to know of the result. Throws when the execution failed. */
export async function run(client: SuiGrpcClient, signer: Ed25519Keypair, transaction: Transaction) {
  const result = await client.signAndExecuteTransaction({
    transaction,
    signer,
    include: {effects: true, events: true, balanceChanges: true, objectTypes: true},
  })
  if (result.$kind === 'FailedTransaction') {
    throw new Error(result.FailedTransaction.status.error?.message)
  }
  await client.waitForTransaction({result})
  const {Transaction: executed} = result
  const created = (executed.effects?.changedObjects ?? [])
    .filter(({idOperation}) => idOperation === 'Created')
    .map((change) => ({...change, type: executed.objectTypes?.[change.objectId] ?? ''}))
  return {
    ...executed,
    created,
    /** The id of the one new object whose type ends so. */
    createdId: (suffix: string): string => {
      const found = created.filter(({type}) => type.endsWith(suffix))
      const [only] = found
      if (only === undefined || found.length > 1) throw new Error(`${found.length} new objects ${suffix}`)
      return only.objectId
    },
  }
}

/** Publishes the contracts; the id of the package. */
export async function publishDaas(client: SuiGrpcClient, signer: Ed25519Keypair): Promise<string> {
  const {modules, dependencies} = readDaasPackage()
  const tx = new Transaction()
  tx.transferObjects([tx.publish({modules, dependencies})], signer.toSuiAddress())
  const {effects} = await run(client, signer, tx)
  const written = effects?.changedObjects.find(({outputState}) => outputState === 'PackageWrite')
  if (written === undefined) throw new Error('no package was written')
  return written.objectId
}

/** Creates a cluster; the ids of its objects. */
export async function createCluster(
  client: SuiGrpcClient,
  signer: Ed25519Keypair,
  packageId: string,
): Promise<{cluster: string; adminCap: string; registry: string}> {
  const tx = new Transaction()
  const cap = tx.moveCall({
    target: `${packageId}::cluster::create`,
    arguments: [tx.pure.string('demo'), tx.pure.string('v1.34.1+k3s1'), tx.object.clock()],
  })
  tx.transferObjects([cap], signer.toSuiAddress())
  const {createdId} = await run(client, signer, tx)
  return {
    cluster: createdId('::cluster::Cluster'),
    adminCap: createdId('::cluster::AdminCap'),
    registry: createdId('::NodeRegistry'),
  }
}

/** The transaction that stakes for a node, seals the stake and shares it. */
export function stakeAndSeal(
  packageId: string,
  cluster: string,
  nodeName: string,
  mist: bigint,
): Transaction {
  const tx = new Transaction()
  const stake = tx.moveCall({
    target: `${packageId}::staking::stake_for_node`,
    arguments: [
      tx.object(cluster),
      tx.splitCoins(tx.gas, [mist]),
      tx.pure.string(nodeName),
      tx.object.clock(),
    ],
  })
  tx.moveCall({
    target: `${packageId}::seal_token::create_worker_seal_token`,
    arguments: [
      tx.object(cluster),
      stake,
      tx.pure.vector('u8', new Uint8Array(32).fill(9)),
      tx.pure.u64(3_600_000n),
      tx.object.clock(),
    ],
  })
  tx.moveCall({target: `${packageId}::staking::share_stake`, arguments: [stake]})
  return tx
}

/** A devnet with the contracts and a cluster on it, and an open client. */
export interface World {
  readonly devnet: Devnet
  readonly client: SuiGrpcClient
  readonly packageId: string
  readonly ids: {readonly cluster: string; readonly adminCap: string; readonly registry: string}
}

/**
 * Makes a devnet for the tests of a `describe`, before the first and until after the last of them.
 * @returns the world, there from the first `before` on, and its eight accounts by number
 */
export function useDevnet(seed: string, open: (url: string) => {client: SuiGrpcClient; close(): void}) {
  let world: World | undefined
  let close: () => Promise<void> = async () => undefined
  const get = (): World => {
    if (world === undefined) throw new Error('the devnet is not up yet')
    return world
  }
  const key = (index: number): Ed25519Keypair =>
    Ed25519Keypair.fromSecretKey(get().devnet.accounts[index]?.secretKey ?? '')
  before(async () => {
    const devnet = await startDevnet({seed, checkpointIntervalMs: 20, accounts: 8})
    const opened = open(devnet.url)
    close = async () => {
      opened.close()
      await devnet.close()
    }
    world = {devnet, client: opened.client, packageId: '', ids: {cluster: '', adminCap: '', registry: ''}}
    const packageId = await publishDaas(opened.client, key(0))
    world = {...world, packageId, ids: await createCluster(opened.client, key(0), packageId)}
  })
  after(() => close())
  return {get, key, address: (index: number): string => key(index).toSuiAddress()}
}
