import type {EvictionReason, ListenerChain, ListenerSeal, ListenerStake} from './chain-port.ts'
import type {WorkerRecord} from './journal-workers.ts'

/** How a worker stands on chain. */
export interface Standing {
  /** Why the chain no longer backs it; undefined where it does. */
  reason: EvictionReason | undefined
  /** Its seal, where there is one. */
  seal: ListenerSeal | undefined
}

/** Compares many workers with the chain, in few calls. @returns each with how it stands, in the same order */
export async function lossesOf(
  chain: Pick<ListenerChain, 'readStakes' | 'readSeals'>,
  workers: readonly WorkerRecord[],
  signal: AbortSignal,
): Promise<(readonly [WorkerRecord, Standing])[]> {
  if (workers.length === 0) return []
  const [stakes, seals] = await Promise.all([
    chain.readStakes(
      workers.map(({stake}) => stake),
      signal,
    ),
    chain.readSeals(
      workers.map(({seal}) => seal),
      signal,
    ),
  ])
  return workers.map((worker, at) => {
    const seal = seals[at]
    return [worker, {reason: lossOf(stakes[at], seal), seal}] as const
  })
}

function lossOf(
  stake: ListenerStake | undefined,
  seal: ListenerSeal | undefined,
): EvictionReason | undefined {
  if (stake === undefined) return 'stake withdrawn'
  if (stake.status === 'slashed') return 'stake slashed'
  if (stake.status === 'unbonding') return 'unstake requested'
  return seal === undefined || seal.revoked ? 'seal revoked' : undefined
}
