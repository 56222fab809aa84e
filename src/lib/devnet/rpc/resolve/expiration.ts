import type {bcs} from '@mysten/sui/bcs'
import {GrpcTypes as T} from '@mysten/sui/grpc'
import {invalidField} from '../status.ts'

type Expiration = typeof bcs.TransactionExpiration.$inferInput

/**
 * How long a transaction is valid, as the BCS of a transaction wants it.
 * @throws RpcFailure INVALID_ARGUMENT
 */
export function readExpiration(expiration: T.TransactionExpiration | undefined): Expiration {
  const kinds = T.TransactionExpiration_TransactionExpirationKind
  switch (expiration?.kind) {
    case undefined:
    case kinds.TRANSACTION_EXPIRATION_KIND_UNKNOWN:
    case kinds.NONE:
      return {None: true}
    case kinds.EPOCH:
      return {Epoch: Number(expiration.epoch ?? 0n)}
    case kinds.VALID_DURING:
      return {ValidDuring: validity(expiration)}
    case kinds.VALIDITY: {
      const allowed = expiration.allowedProposers
      return {
        Validity: {
          ...validity(expiration),
          allowedProposers:
            allowed === undefined ? null : {epoch: allowed.epoch ?? 0n, proposers: allowed.proposers},
        },
      }
    }
    default:
      throw invalidField('expiration', 'invalid expiration')
  }
}

function validity(
  expiration: T.TransactionExpiration,
): Extract<Expiration, {ValidDuring: unknown}>['ValidDuring'] {
  const ms = (stamp: {seconds: bigint; nanos: number} | undefined): bigint | null =>
    stamp === undefined ? null : stamp.seconds * 1000n + BigInt(Math.floor(stamp.nanos / 1_000_000))
  return {
    minEpoch: expiration.minEpoch ?? null,
    maxEpoch: expiration.epoch ?? null,
    minTimestamp: ms(expiration.minTimestamp),
    maxTimestamp: ms(expiration.maxTimestamp),
    chain: expiration.chain ?? '',
    nonce: expiration.nonce ?? 0,
  }
}
