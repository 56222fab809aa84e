import {listenerPinsOf, listenerUrlsFor} from '../contracts/listener-access.ts'
import {DaasError} from '../errors/daas-error.ts'
import {liveSeal, type SealDeps} from '../stake/seal.ts'
import {readHolding} from '../stake/wallet.ts'
import type {LeaveOptions} from './leave.ts'
import {createListenerClient} from './register.ts'

/**
 * What a node shows to the listener to be let go: its live seal, over the pinned connection.
 * @returns undefined where it has no stake: then it is in no cluster
 * @throws SEAL_EXPIRED, SEAL_MISSING, SEAL_TOKEN_LOST, RPC_UNREACHABLE
 */
export function leaveIdentity(
  deps: SealDeps & {readonly signal: AbortSignal},
  {cluster, nodeName}: {cluster: string; nodeName: string},
): LeaveOptions['identity'] {
  return async () => {
    const {execute, url, tokens, now, signal} = deps
    const {signer, client} = execute
    const owner = signer.toSuiAddress()
    const subject = {kind: 'node', name: nodeName} as const
    const holding = await readHolding({client, url, owner, cluster, subject})
    if (!holding.ticket) return undefined
    try {
      const {seal, token} = await liveSeal(holding, {tokens, now, owner}, subject)
      return {
        client: createListenerClient({
          urls: listenerUrlsFor(holding.cluster, seal.stakeAmount),
          tlsPin: listenerPinsOf(holding.cluster, now()),
          sealToken: token,
          signal,
        }),
        stake: seal.stake,
        sealToken: token,
        signer,
      }
    } catch (error) {
      // Staked and never sealed: it has never joined.
      if (error instanceof DaasError && error.errorName === 'SEAL_MISSING') return undefined
      throw error
    }
  }
}
