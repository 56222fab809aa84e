/** What transactions cost, by Sui's schedule (facts/move-vm.md 5; sui-types gas_v2). Amounts in MIST. */
import {VmError, type Meter} from '../vm/api.ts'

/** MIST for one unit of computation. */
export const REFERENCE_GAS_PRICE = 1_000n
/** The highest price a transaction may offer. */
export const MAX_GAS_PRICE = 100_000n
/** The highest budget: 50 SUI. */
export const MAX_GAS_BUDGET = 50_000_000_000n
/** Units that the cheapest transaction computes. */
export const MIN_COMPUTATION_UNITS = 1_000n
/** Coins that may pay for one transaction. */
export const MAX_GAS_COINS = 256

const STORAGE_MIST_PER_BYTE = 100n * 76n
const REBATE_BASIS_POINTS = 9_900n
const BASIS_POINTS = 10_000n
const BUCKETS = [1_000n, 5_000n, 10_000n, 20_000n, 50_000n, 200_000n, 1_000_000n, 5_000_000n]
const MAX_UNITS = 5_000_000
/** Thousandths of a unit for each byte of an input object, and of a published package. */
const READ_PER_BYTE = 15
const PUBLISH_PER_BYTE = 80

/** What a transaction pays; the sum of its parts is what leaves the gas coin. */
export interface GasUsed {
  readonly computationCost: bigint
  readonly storageCost: bigint
  readonly storageRebate: bigint
  readonly nonRefundableStorageFee: bigint
}

/** What system transactions pay. */
export const NO_GAS: GasUsed = {
  computationCost: 0n,
  storageCost: 0n,
  storageRebate: 0n,
  nonRefundableStorageFee: 0n,
}

/** MIST for the storage of so many bytes. */
export function storageCost(size: number): bigint {
  return BigInt(size) * STORAGE_MIST_PER_BYTE
}

/** The gas used, from the cost of computation, the storage written and the rebates of the storage replaced. */
export function gasUsed(computationCost: bigint, storage: bigint, rebates: bigint): GasUsed {
  const storageRebate = (rebates * REBATE_BASIS_POINTS + BASIS_POINTS / 2n) / BASIS_POINTS
  return {
    computationCost,
    storageCost: storage,
    storageRebate,
    nonRefundableStorageFee: rebates - storageRebate,
  }
}

/** What leaves the gas coin; negative when more comes back. */
export function netGas(used: GasUsed): bigint {
  return used.computationCost + used.storageCost - used.storageRebate
}

/** Counts computation; refuses more than the budget buys. */
export class GasMeter implements Meter {
  readonly #limit: number
  readonly #price: bigint
  readonly #budget: bigint
  #units = 0

  constructor(budget: bigint, price: bigint) {
    this.#budget = budget
    this.#price = price
    const affordable = price === 0n ? MAX_UNITS : Number(budget / price)
    this.#limit = Math.min(MAX_UNITS, affordable)
  }

  charge(units: number): void {
    this.#units += units
    if (this.#units > this.#limit) throw new VmError('OUT_OF_GAS', 'the budget is used up')
  }

  /** For the bytes of an object that is read. */
  chargeRead(bytes: number): void {
    this.charge((bytes * READ_PER_BYTE) / 1_000)
  }

  /** For the bytes of a package that is published. */
  chargePublish(bytes: number): void {
    this.charge((bytes * PUBLISH_PER_BYTE) / 1_000)
  }

  /** MIST for what was computed, rounded up to a bucket; the whole budget when that is not enough. */
  computationCost(): bigint {
    if (this.#units > this.#limit) return this.#budget
    const units = BigInt(Math.ceil(this.#units))
    const bucket = BUCKETS.find((limit) => units <= limit) ?? BigInt(MAX_UNITS)
    const cost = bucket * this.#price
    return cost > this.#budget ? this.#budget : cost
  }
}
