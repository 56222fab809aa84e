import {setTimeout as delay} from 'node:timers/promises'
import {daasError} from '../errors/daas-error.ts'
import {
  createNonce,
  signRegistration,
  type RegistrationAnswer,
  type RegistrationBody,
} from '../seal/registration.ts'
import {hashSealTokenHex, parseSealToken} from '../seal/token.ts'
import type {JoinDeps, JoinIdentity, JoinOptions} from './join-types.ts'
import {isRetryableRefusal, isTakenTokenId, type ListenerClient} from './register.ts'

const PAUSE_MS = 1000
/** A listener that restarts is back by then; one that is down is not worth the whole deadline. */
const ATTEMPTS = 8
/** Ids of tokens meet by chance once in 2e9; three times in a row they do not. */
const REDRAWS = 2

/** A node that is registered. */
export interface Registered {
  readonly answer: RegistrationAnswer
  /** With another token than before where the id of that one was taken. */
  readonly identity: JoinIdentity
}

type Options = Pick<JoinOptions, 'cluster' | 'nodeName' | 'nodeIp' | 'labels' | 'redraw'>

/**
 * Registers a node: again where the listener is busy or starting, with a new seal token where another token in the
 * cluster has the id of this one. Each attempt is signed anew: a nonce counts once.
 * @param deadline unix time, ms, after which it is not tried again
 * @throws LISTENER_REFUSED, LISTENER_UNREACHABLE, TLS_PIN_MISMATCH, TOKEN_IDS_TAKEN, what `redraw` throws, the signal's
 *   reason
 */
export async function registerNode(
  client: ListenerClient,
  deps: Pick<JoinDeps, 'now' | 'signal' | 'onProgress'>,
  options: Options,
  identity: JoinIdentity,
  deadline: number,
): Promise<Registered> {
  const tell = (detail: string): void => deps.onProgress({phase: 'register', status: 'detail', detail})
  let current = identity
  let redraws = 0
  for (let attempt = 1; ; attempt++) {
    const body = bodyOf(options, current, deps.now())
    try {
      const answer = await client.register({body, signature: await signRegistration(current.signer, body)})
      return {answer, identity: current}
    } catch (error) {
      if (isTakenTokenId(error) && options.redraw) {
        const {id} = parseSealToken(current.sealToken)
        if (redraws === REDRAWS) throw daasError('TOKEN_IDS_TAKEN', {count: redraws + 1, id}, {cause: error})
        redraws += 1
        tell(`another token in the cluster has the id ${id}: drawing a new one`)
        current = await options.redraw(current)
        client.useToken(current.sealToken)
        continue
      }

      const late = deps.now() + PAUSE_MS >= deadline || attempt >= ATTEMPTS
      if (!isRetryableRefusal(error) || late) throw error
      tell(error instanceof Error ? error.message : String(error))
      await delay(PAUSE_MS, undefined, {signal: deps.signal})
    }
  }
}

function bodyOf(
  {cluster, nodeName, nodeIp, labels}: Options,
  {stake, seal, sealToken, signer}: JoinIdentity,
  timestampMs: number,
): RegistrationBody {
  return {
    version: 1,
    cluster: cluster.id,
    seal,
    stake,
    nodeName,
    address: signer.toSuiAddress(),
    tokenHash: hashSealTokenHex(sealToken),
    ...(nodeIp && {nodeIp}),
    labels,
    timestampMs,
    nonce: createNonce(),
  }
}
