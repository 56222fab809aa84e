import {storeAtWalrus, walrusLocation, type WalrusPublisher} from '../seal/walrus.ts'
import type {BlobStore} from './blobs.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'

/** What storing answers on Walrus needs. */
export interface WalrusBlobsDeps {
  /** Keeps every blob besides: for those who ask no aggregator, and where Walrus does not serve. */
  blobs: BlobStore
  publisher: WalrusPublisher
  logger: Pick<ListenerLogger, 'warn'>
  signal: AbortSignal
}

/** Whoever asked waits 30 s in all, ms. */
const STORE_MS = 15_000

/** A store of blobs whose locations are those on Walrus, wherever Walrus takes them in time. */
export function createWalrusBlobs({blobs, publisher, logger, signal}: WalrusBlobsDeps): BlobStore {
  return {
    ...blobs,
    async put(seal, bytes) {
      const path = await blobs.put(seal, bytes)
      try {
        const stop = AbortSignal.any([signal, AbortSignal.timeout(STORE_MS)])
        return walrusLocation(await storeAtWalrus(publisher, bytes, stop))
      } catch (error) {
        signal.throwIfAborted()
        logger.warn(errorFields(error), 'Walrus did not take an answer; it is to be had here')
        return path
      }
    },
  }
}
