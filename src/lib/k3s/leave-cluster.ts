import {setTimeout as delay} from 'node:timers/promises'
import type {Signer} from '@mysten/sui/cryptography'
import {DaasError, daasError} from '../errors/daas-error.ts'
import {type DrainPolicy, signLeave, type LeaveBody} from '../seal/leave.ts'
import {createNonce} from '../seal/registration.ts'
import {hashSealTokenHex} from '../seal/token.ts'
import {isRetryableRefusal, isUnknownWorker, type ListenerClient} from './register.ts'

/** Who leaves. */
export interface LeaveClusterOptions {
  readonly cluster: string
  readonly nodeName: string
  readonly stake: string
  /** `<id>.<secret>`. */
  readonly sealToken: string
  readonly signer: Signer
  /** How long draining and deleting may take, ms. */
  readonly timeoutMs: number
  /** What draining may cost the pods of the node. */
  readonly drain: Pick<DrainPolicy, 'force' | 'deleteEmptyDirData'>
  /** How long its answer may come after that, ms; 15 s where it is left out. */
  readonly answerMs?: number
  /** How long to wait for a listener that does not answer at all, ms. */
  readonly patienceMs: number
  readonly now: () => number
  readonly signal: AbortSignal
  readonly onDetail: (text: string) => void
}

const POLL_MS = 250
const ANSWER_MS = 15_000

/**
 * Asks the listener to drain and delete a node, and waits until it is gone.
 * @returns false where it was gone before, or was thrown out
 * @throws LEAVE_BLOCKED where it cannot be drained; LEAVE_TIMEOUT, LISTENER_UNREACHABLE, LISTENER_REFUSED, TLS_PIN_MISMATCH, the signal's reason
 */
export async function leaveCluster(
  client: Pick<ListenerClient, 'leave' | 'status'>,
  options: LeaveClusterOptions,
): Promise<boolean> {
  const {nodeName, now, signal} = options
  // The listener answers at the end of its own time: a little later is soon enough to give it up.
  const deadline = now() + options.timeoutMs + (options.answerMs ?? ANSWER_MS)
  const patience = now() + Math.min(options.patienceMs, options.timeoutMs)
  let asked = false
  for (;;) {
    try {
      if (!asked) {
        await client.leave(await signedRequest(options))
        asked = true
        options.onDetail('the listener drains it')
      } else {
        const {evicted, leaving, stays} = await client.status(nodeName)
        if (evicted) return true
        if (!leaving && stays) throw daasError('LEAVE_BLOCKED', {node: nodeName, ...stays})
      }
    } catch (error) {
      if (isUnknownWorker(error)) return asked
      if (isEvicted(error)) return false
      if (!isRetryableRefusal(error) || now() >= (asked ? deadline : patience)) throw error
      options.onDetail(error instanceof Error ? error.message : String(error))
    }

    if (now() >= deadline) {
      throw daasError('LEAVE_TIMEOUT', {node: nodeName, seconds: Math.round(options.timeoutMs / 1000)})
    }

    await delay(POLL_MS, undefined, {signal})
  }
}

async function signedRequest(options: LeaveClusterOptions): Promise<{body: LeaveBody; signature: string}> {
  const body: LeaveBody = {
    version: 1,
    cluster: options.cluster,
    stake: options.stake,
    nodeName: options.nodeName,
    address: options.signer.toSuiAddress(),
    tokenHash: hashSealTokenHex(options.sealToken),
    timestampMs: options.now(),
    nonce: createNonce(),
    drain: {...options.drain, timeoutMs: options.timeoutMs},
  }
  return {body, signature: await signLeave(options.signer, body)}
}

/** REGISTRATION_EVICTED: it was thrown out; there is nothing left to leave. */
function isEvicted(error: unknown): boolean {
  return error instanceof DaasError && error.details?.code === 'DAAS-L403'
}
