import {setTimeout as delay} from 'node:timers/promises'
import {
  createNonce,
  signRegistration,
  type RegistrationAnswer,
  type RegistrationBody,
} from '../seal/registration.ts'
import {hashSealTokenHex} from '../seal/token.ts'
import type {JoinDeps, JoinIdentity, JoinOptions} from './join-types.ts'
import {isRetryableRefusal, type ListenerClient} from './register.ts'

const PAUSE_MS = 1000
/** A listener that restarts is back by then; one that is down is not worth the whole deadline. */
const ATTEMPTS = 8

/**
 * Registers a node, again where the listener is busy or starting. Each attempt is signed anew: a nonce counts once.
 * @param deadline unix time, ms, after which it is not tried again
 * @throws LISTENER_REFUSED, LISTENER_UNREACHABLE, TLS_PIN_MISMATCH, the signal's reason
 */
export async function registerNode(
  client: ListenerClient,
  deps: Pick<JoinDeps, 'now' | 'signal' | 'onProgress'>,
  options: Pick<JoinOptions, 'cluster' | 'nodeName' | 'nodeIp' | 'labels'>,
  identity: JoinIdentity,
  deadline: number,
): Promise<RegistrationAnswer> {
  for (let attempt = 1; ; attempt++) {
    const body: RegistrationBody = {
      version: 1,
      cluster: options.cluster.id,
      seal: identity.seal,
      stake: identity.stake,
      nodeName: options.nodeName,
      address: identity.signer.toSuiAddress(),
      tokenHash: hashSealTokenHex(identity.sealToken),
      ...(options.nodeIp && {nodeIp: options.nodeIp}),
      labels: options.labels,
      timestampMs: deps.now(),
      nonce: createNonce(),
    }
    try {
      return await client.register({body, signature: await signRegistration(identity.signer, body)})
    } catch (error) {
      const late = deps.now() + PAUSE_MS >= deadline || attempt >= ATTEMPTS
      if (!isRetryableRefusal(error) || late) throw error
      deps.onProgress({
        phase: 'register',
        status: 'detail',
        detail: error instanceof Error ? error.message : String(error),
      })
      await delay(PAUSE_MS, undefined, {signal: deps.signal})
    }
  }
}
