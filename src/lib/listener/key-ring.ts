import type {ListenerCluster} from './chain-port.ts'
import {dropPreviousKeys} from './keys.ts'
import type {KeyPairs, ListenerKeys} from './keys.ts'
import type {ListenerLogger} from './logger.ts'

/** The keys that a listener works with: while new ones take over, the ones before are good too. */
export interface KeyRing {
  /** What is announced. */
  readonly present: KeyPairs
  /** HPKE private keys that may open a request, the present one first. */
  opening(): readonly Uint8Array[]
  /** What the endpoint shows: the key before, as long as the chain calls it good, since everybody trusts that one. */
  tls(): KeyPairs['tls']
  /**
   * Compares with the chain: previous keys whose time is over are forgotten, on disk too.
   * @returns whether what the endpoint shows has changed
   */
  follow(cluster: ListenerCluster, nowMs: number): Promise<boolean>
}

/** Makes the key ring of a listener. */
export function createKeyRing(stateDir: string, loaded: ListenerKeys, logger: ListenerLogger): KeyRing {
  let keys = loaded
  return {
    present: {hpke: loaded.hpke, tls: loaded.tls},
    opening: () =>
      [keys, keys.previous].flatMap((pairs) => (pairs === undefined ? [] : [pairs.hpke.privateKey])),
    tls: () => keys.previous?.tls ?? keys.tls,
    async follow({tlsPin, previousTlsPin, previousUntilMs}, nowMs) {
      // Until it is announced, nobody knows the present one.
      if (keys.previous === undefined || Buffer.compare(tlsPin, keys.tls.pin) !== 0) return false
      const isGood = Buffer.compare(previousTlsPin, keys.previous.tls.pin) === 0 && previousUntilMs > nowMs
      if (isGood) return false
      keys = await dropPreviousKeys(stateDir, keys)
      logger.info({}, 'the previous keys are forgotten: their time on chain is over')
      return true
    },
  }
}
