/** The pair of kubectl: a request of a user, and the answer of a listener. */
import {bcs} from '@mysten/sui/bcs'
import {createHash} from 'node:crypto'
import type {DevnetNode, StoredObject} from '../../../src/lib/devnet/ledger/api.ts'
import {
  address,
  clock,
  moveCall,
  run,
  shared,
  signed,
  text,
  u64,
  type Contracts,
  type Lane,
  type Signed,
} from './devnet-load.ts'

/** Bytes of a sealed request and of a sealed answer: those of a small `kubectl get`. */
const ENVELOPE_BYTES = 600
const BODY_BYTES = 2_000
const TTL_MS = 3_600_000n

interface Ref {
  readonly id: string
  readonly version: bigint
  readonly digest: string
}

/** What a lane needs to ask and to answer. */
export interface PairLane {
  readonly stake: StoredObject
  seal: Ref
  request: StoredObject | undefined
}

const bytes = (value: Uint8Array) => ({
  Pure: {bytes: bcs.vector(bcs.u8()).serialize(value).toBase64()},
})
const chunks = (value: Uint8Array) => ({
  Pure: {bytes: bcs.vector(bcs.byteVector()).serialize([value], {maxSize: 65_536}).toBase64()},
})
const small = (value: number, type: 'u8' | 'u16') => ({
  Pure: {bytes: bcs[type]().serialize(value).toBase64()},
})
const owned = ({id, version, digest}: Ref) => ({
  Object: {ImmOrOwnedObject: {objectId: id, version: version.toString(), digest}},
})
const input = (index: number) => ({Input: index})

/** The one object of a type (its last part) that was written. */
function only(objects: readonly StoredObject[], suffix: string): StoredObject {
  const found = objects.find((object) => object.typeName?.endsWith(suffix) === true)
  if (found === undefined) throw new Error(`no ${suffix} was written`)
  return found
}

/**
 * A ListenerCap that is frozen, so that any lane may answer by it and none waits for another.
 * @param lane owns the AdminCap
 */
export async function frozenListenerCap(
  node: DevnetNode,
  lane: Lane,
  {packageId, cluster, adminCap}: Contracts,
): Promise<Ref> {
  const made = await run(node, lane, {
    inputs: [shared(cluster.id, cluster.version, true), owned(adminCap), address(lane.signer.address)],
    commands: [moveCall(packageId, 'cluster', 'create_listener_cap', [0, 1, 2].map(input))],
  })
  const cap = only(made.outputObjects, '::cluster::ListenerCap')
  const frozen = await run(node, lane, {
    inputs: [owned(cap)],
    commands: [
      {
        MoveCall: {
          package: '0x2',
          module: 'transfer',
          function: 'public_freeze_object',
          typeArguments: [cap.typeName!],
          arguments: [input(0)],
        },
      },
    ],
  })
  return only(frozen.outputObjects, '::cluster::ListenerCap')
}

/** Stakes as a user and seals the stake. */
export async function becomeUser(node: DevnetNode, lane: Lane, contracts: Contracts): Promise<PairLane> {
  const {packageId, cluster} = contracts
  const done = await run(node, lane, {
    inputs: [
      u64(10_000_000_000n),
      shared(cluster.id, cluster.version),
      bytes(createHash('sha256').update(lane.signer.address).digest()),
      u64(TTL_MS),
      clock,
    ],
    commands: [
      {SplitCoins: {coin: {GasCoin: true}, amounts: [input(0)]}},
      moveCall(packageId, 'staking', 'stake_for_user', [input(1), {NestedResult: [0, 0]}, input(4)]),
      moveCall(packageId, 'seal_token', 'create_user_seal_token', [
        input(1),
        {Result: 1},
        input(2),
        input(3),
        input(4),
      ]),
      moveCall(packageId, 'staking', 'share_stake', [{Result: 1}]),
    ],
  })
  return {
    stake: only(done.outputObjects, '::staking::Stake'),
    seal: only(done.outputObjects, '::seal_token::SealToken'),
    request: undefined,
  }
}

/** A request for pods. */
export function request(lane: Lane, pair: PairLane, {packageId, cluster}: Contracts, id: number): Signed {
  const requestId = Buffer.alloc(16)
  requestId.writeUInt32BE(id)
  return signed(lane, {
    inputs: [
      shared(cluster.id, cluster.version),
      owned(pair.seal),
      shared(pair.stake.id, pair.stake.version),
      bytes(requestId),
      text('get'),
      text('pods'),
      text('default'),
      chunks(new Uint8Array(ENVELOPE_BYTES)),
      small(1, 'u8'),
      clock,
    ],
    commands: [
      moveCall(
        packageId,
        'k8s_gateway',
        'execute_kubectl_command_with_id',
        Array.from({length: 10}, (_, index) => input(index)),
      ),
    ],
  })
}

/** The answer to the lane's last request. */
export function response(
  lane: Lane,
  {request: asked}: PairLane,
  {packageId, cluster}: Contracts,
  cap: Ref,
): Signed {
  return signed(lane, {
    inputs: [
      shared(asked!.id, asked!.version, true),
      shared(cluster.id, cluster.version),
      owned(cap),
      small(200, 'u16'),
      chunks(new Uint8Array(BODY_BYTES)),
      bytes(new Uint8Array(32)),
      text(''),
      clock,
    ],
    commands: [
      moveCall(
        packageId,
        'k8s_gateway',
        'store_k8s_response',
        Array.from({length: 8}, (_, index) => input(index)),
      ),
    ],
  })
}

/** Takes what a request left: the next one needs the seal as it is now. */
export function settleRequest(pair: PairLane, written: readonly StoredObject[]): void {
  pair.seal = only(written, '::seal_token::SealToken')
  pair.request = only(written, '::k8s_gateway::KubectlRequest')
}
