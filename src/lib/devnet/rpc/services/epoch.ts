import {GrpcTypes as T} from '@mysten/sui/grpc'
import type {DevnetNode, EpochSpan} from '../../ledger/api.ts'
import {toTimestamp} from '../proto/values.ts'

/** The most MIST that a transaction may budget for gas: 50 SUI. */
export const maxTxGas = 50_000_000_000n
/** What the coin of a simulation without payment holds, in MIST: enough to split whatever is to be tried. */
export const mockGasMist = 1_000_000_000_000_000_000n
/** The most coins that may pay for one transaction. */
export const maxGasPaymentObjects = 256
/** The protocol's limit of a transaction's bytes. */
const maxTxSizeBytes = 128 * 1024

/** An epoch of a devnet as the API writes it. There are no validators and no storage fund to show. */
export function epochToProto(node: DevnetNode, span: EpochSpan): T.Epoch {
  const {epoch, startTimestampMs, firstCheckpoint, last} = span
  const info = node.epoch()
  return T.Epoch.create({
    epoch,
    committee: {epoch},
    systemState: {
      version: 2n,
      epoch,
      protocolVersion: info.protocolVersion,
      validators: {totalStake: 0n},
      storageFund: {totalObjectStorageRebates: 0n, nonRefundableBalance: 0n},
      parameters: {
        epochDurationMs: info.durationMs,
        stakeSubsidyStartEpoch: 0n,
        minValidatorCount: 0n,
        maxValidatorCount: 0n,
        minValidatorJoiningStake: 0n,
        validatorLowStakeThreshold: 0n,
        validatorVeryLowStakeThreshold: 0n,
        validatorLowStakeGracePeriod: 0n,
      },
      referenceGasPrice: info.referenceGasPrice,
      stakeSubsidy: {
        balance: 0n,
        distributionCounter: 0n,
        currentDistributionAmount: 0n,
        stakeSubsidyPeriodLength: 0n,
        stakeSubsidyDecreaseRate: 0,
      },
      safeMode: false,
      safeModeStorageRewards: 0n,
      safeModeComputationRewards: 0n,
      safeModeStorageRebates: 0n,
      safeModeNonRefundableStorageFee: 0n,
      epochStartTimestampMs: startTimestampMs,
    },
    firstCheckpoint,
    start: toTimestamp(startTimestampMs),
    ...(last === undefined ? {} : {lastCheckpoint: last.sequenceNumber, end: toTimestamp(last.timestampMs)}),
    referenceGasPrice: info.referenceGasPrice,
    protocolConfig: {
      protocolVersion: info.protocolVersion,
      attributes: {
        max_tx_gas: String(maxTxGas),
        max_gas_payment_objects: String(maxGasPaymentObjects),
        max_tx_size_bytes: String(maxTxSizeBytes),
      },
    },
  })
}
