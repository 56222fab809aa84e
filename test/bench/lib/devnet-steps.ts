/** What the benchmarks of the devnet do: steps that every lane takes, signed beforehand. */
import type {DevnetNode, LedgerTransaction} from '../../../src/lib/devnet/ledger/api.ts'
import {lanes, publishContracts, settle, stake, transfer, type Lane, type Signed} from './devnet-load.ts'
import type {SyncSigner} from '../../../src/lib/devnet/executor/signatures.ts'
import {
  becomeUser,
  frozenListenerCap,
  request,
  response,
  settleRequest,
  type PairLane,
} from './devnet-pair.ts'

/** One transaction of each lane. */
export interface Step {
  readonly name: string
  sign(lane: Lane): Signed
  /** Takes what the transaction left; throws when it failed. */
  settle(lane: Lane, done: LedgerTransaction): void
}

/** Lanes, and the steps by name. */
export interface Load {
  readonly lanes: readonly Lane[]
  readonly transfers: Step
  readonly stakes: Step
  readonly requests: Step
  readonly responses: Step
}

/** Puts contracts, a cluster and a user for each lane on a devnet. */
export async function createLoad(node: DevnetNode, keys: readonly SyncSigner[]): Promise<Load> {
  const all = lanes(node, keys)
  const contracts = await publishContracts(node, all[0]!)
  const cap = await frozenListenerCap(node, all[0]!, contracts)
  const pairs = new Map<Lane, PairLane>()
  for (const lane of all) pairs.set(lane, await becomeUser(node, lane, contracts))
  const settled = (lane: Lane, done: LedgerTransaction): void => void settle(lane, done)
  let count = 0
  return {
    lanes: all,
    transfers: {name: 'transfers', sign: (lane) => transfer(lane, '0x7'), settle: settled},
    stakes: {name: 'stakes', sign: (lane) => stake(lane, contracts, `w${count++}`), settle: settled},
    requests: {
      name: 'kubectl requests',
      sign: (lane) => request(lane, pairs.get(lane)!, contracts, count++),
      settle: (lane, done) => settleRequest(pairs.get(lane)!, settle(lane, done).outputObjects),
    },
    responses: {
      name: 'kubectl responses',
      sign: (lane) => response(lane, pairs.get(lane)!, contracts, cap),
      settle: settled,
    },
  }
}
