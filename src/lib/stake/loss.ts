import {setTimeout as delay} from 'node:timers/promises'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {decodeEvent} from '../contracts/events.ts'
import {readStake} from '../contracts/reads.ts'
import {DaasError} from '../errors/daas-error.ts'
import {streamEvents} from '../sui/event-stream.ts'

/** Why a stake no longer vouches for its node. */
export interface Loss {
  readonly kind: 'stake-slashed' | 'stake-withdrawn' | 'seal-ended' | 'evicted'
  /** One sentence, with the reason that was given. */
  readonly message: string
  /** The transaction that did it, where it was seen. */
  readonly digest?: string
}

/** Whose losses to watch for. */
export interface LossQuery {
  readonly client: SuiGrpcClient
  readonly packageId: string
  readonly stake: string
  readonly seal: string
  readonly signal: AbortSignal
  /** Told when the chain is out of sight for a while. */
  readonly onReconnect?: (error: unknown) => void
}

/**
 * Watches the chain for the end of a stake or its seal: what has happened already, then what happens. Subscribes before
 * it looks, so that nothing falls between.
 * @throws the signal's reason
 */
export async function* watchLoss(query: LossQuery): AsyncGenerator<Loss> {
  const {client, packageId} = query
  const over = new AbortController()
  const signal = AbortSignal.any([query.signal, over.signal])
  const subscribed = Promise.withResolvers<void>()
  const events = streamEvents({
    client,
    packageId,
    signal,
    onSubscribed: subscribed.resolve,
    ...(query.onReconnect && {onReconnect: query.onReconnect}),
  })
  const first = events.next()
  // A failure comes out of the loop below; here it only must not go unheard while the state is read.
  first.catch(() => subscribed.resolve())
  try {
    await subscribed.promise
    const now = await lossOfState(query)
    if (now) yield now
    for (let next = await first; !next.done; next = await events.next()) {
      const loss = lossOf(next.value, query)
      if (loss) yield loss
    }
  } finally {
    // The subscription would go on without us.
    over.abort()
  }
}

const RETRY_MS = 1000

/**
 * The first loss that {@link watchLoss} tells of. Where the chain is out of sight it looks again, for ever; it never
 * settles without a loss.
 */
export async function firstLoss(query: LossQuery): Promise<Loss> {
  const {signal, onReconnect} = query
  while (!signal.aborted) {
    try {
      for await (const loss of watchLoss(query)) return loss
    } catch (error) {
      if (signal.aborted) break
      onReconnect?.(error)
    }

    // The condition of the loop tells why it ended.
    await delay(RETRY_MS, undefined, {signal}).catch(() => signal.aborted)
  }

  return new Promise<never>(() => {})
}

async function lossOfState({client, stake}: LossQuery): Promise<Loss | undefined> {
  try {
    const {status} = await readStake(client, stake)
    if (status === 0) return undefined
    return status === 2
      ? {kind: 'stake-slashed', message: 'the stake was slashed'}
      : {kind: 'stake-withdrawn', message: 'the stake is being withdrawn'}
  } catch (error) {
    if (error instanceof DaasError && error.errorName === 'OBJECT_MISSING') {
      return {kind: 'stake-withdrawn', message: 'the stake was withdrawn'}
    }

    throw error
  }
}

function lossOf(
  event: {readonly type: string; readonly bcs: Uint8Array; readonly digest: string},
  {stake, seal}: LossQuery,
): Loss | undefined {
  const decoded = decodeEvent(event)
  const {digest} = event
  switch (decoded?.$kind) {
    case 'StakeSlashed':
      if (decoded.stake !== stake) return undefined
      return {kind: 'stake-slashed', message: `the stake was slashed: ${decoded.reason}`, digest}
    case 'StakeWithdrawn':
    case 'UnstakeRequested':
      return decoded.stake === stake
        ? {kind: 'stake-withdrawn', message: 'the stake was withdrawn', digest}
        : undefined
    case 'SealTokenRevoked':
    case 'SealRevokedByAdmin':
      return decoded.seal === seal ? {kind: 'seal-ended', message: 'the seal was revoked', digest} : undefined
    case 'WorkerEvicted':
      if (decoded.stake !== stake) return undefined
      return {kind: 'evicted', message: `the node was evicted: ${decoded.reason}`, digest}
    default:
      return undefined
  }
}
