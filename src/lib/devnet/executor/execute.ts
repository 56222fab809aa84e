/** Execution of a programmable transaction: from inputs to effects. Writes nothing to the store. */
import type {
  BalanceChange,
  EpochInfo,
  ExecutionFailure,
  MoveEvent,
  Simulation,
  StoredObject,
  TransactionData,
} from '../ledger/api.ts'
import {digestBytes} from '../ledger/digest.ts'
import {
  coinBalance,
  coinContents,
  finishObject,
  GAS_COIN_TYPE,
  objectSize,
  SUI_FRAMEWORK,
} from '../ledger/object.ts'
import type {ObjectReader} from '../ledger/store.ts'
import type {TxInfo, Vm} from '../vm/api.ts'
import {Arguments, receivingValue, type AnySlot, type Slot} from './arguments.ts'
import {collectChanges, failedChanges, type Change, type HeldInput} from './changes.ts'
import {runCommands, type CommandContext, type CommandResult} from './commands.ts'
import {balanceChanges, makeEffects, type Effects, type FinalChange} from './effects.ts'
import {describeFailure, ExecutionError, plainFailure, toExecutionError} from './failure.ts'
import {GasMeter, netGas} from './gas.ts'
import type {LoadedInputs, Programmable} from './inputs.ts'
import type {PackageStage} from './packages.ts'
import type {ReadOnlyValues} from './read-only-values.ts'
import {endedInputs, lamportVersion, readObjects, readOnlyObjects, unchangedShared} from './read-set.ts'
import {ObjectRuntime} from './runtime.ts'
import {settle, type Settled} from './settle.ts'
import {coinValue, MOVE_STDLIB} from './values.ts'

/** Base58 of 32 zero bytes: the transaction that made what no transaction made. */
export const NO_TRANSACTION = '1'.repeat(32)

/** What execution works with. */
export interface ExecutionEnvironment {
  readonly vm: Vm
  readonly reader: ObjectReader
  readonly packages: PackageStage
  readonly readOnly: ReadOnlyValues
  readonly epoch: EpochInfo
}

/** A transaction to execute. */
export interface ExecutionRequest {
  readonly data: TransactionData
  /** Base58. */
  readonly digest: string
  readonly program: Programmable
  readonly loaded: LoadedInputs
  /** Any function, any bytes as arguments (simulation without checks). */
  readonly permissive: boolean
  /** Keeps what each command returned and changed (simulation). */
  readonly keepOutputs: boolean
}

/** What came of it. */
export interface ExecutionOutcome extends Effects {
  readonly failure: ExecutionFailure | undefined
  readonly events: readonly MoveEvent[]
  readonly balanceChanges: readonly BalanceChange[]
  readonly changes: readonly FinalChange[]
  readonly inputObjects: readonly StoredObject[]
  readonly outputObjects: readonly StoredObject[]
  readonly commandOutputs: Simulation['commandOutputs']
}

type CommandOutput = Simulation['commandOutputs'][number]

/** One execution; made for one transaction and thrown away. */
class Execution {
  readonly #environment: ExecutionEnvironment
  readonly #request: ExecutionRequest
  readonly #budget: bigint
  readonly #gasTotal: bigint
  readonly #version: bigint
  readonly #runtime: ObjectRuntime
  readonly #meter: GasMeter
  readonly #gasSlot: Slot
  readonly #held: HeldInput[] = []
  readonly #outputs: CommandOutput[] = []

  constructor(environment: ExecutionEnvironment, request: ExecutionRequest) {
    this.#environment = environment
    this.#request = request
    const {loaded, data} = request
    this.#budget = BigInt(data.V1.gasData.budget)
    this.#gasTotal = loaded.gas.reduce((sum, coin) => sum + coinBalance(coin.contents), 0n)
    this.#version = lamportVersion(loaded)
    this.#meter = new GasMeter(this.#budget, BigInt(data.V1.gasData.price))
    const objects = loaded.inputs.flatMap((input) => ('object' in input ? [input] : []))
    this.#runtime = new ObjectRuntime({
      tx: this.#txInfo(),
      vm: environment.vm,
      reader: environment.reader,
      sharedInputs: new Set(
        objects.flatMap(({object}) => (object.owner.kind === 'shared' ? [object.id] : [])),
      ),
      receivable: new Map(
        objects.flatMap((input) => (input.kind === 'receiving' ? [[input.object.id, input.object]] : [])),
      ),
    })
    const [gasCoin] = loaded.gas
    if (gasCoin === undefined) throw new TypeError('a transaction needs a gas coin')
    const spendable = this.#gasTotal > this.#budget ? this.#gasTotal - this.#budget : 0n
    this.#gasSlot = {
      type: GAS_COIN_TYPE,
      cell: {value: coinValue(gasCoin.id, spendable)},
      taken: false,
      noValue: 'InvalidGasCoinUsage',
    }
    this.#held.push({object: gasCoin, slot: this.#gasSlot})
  }

  run(): ExecutionOutcome {
    const attempt = this.#attempt()
    const failed = failedChanges(this.#request.loaded)
    return this.#conclude(settle(attempt, failed, this.#meter.computationCost(), this.#budget))
  }

  #txInfo(): TxInfo {
    const {data, digest} = this.#request
    const {epoch, startTimestampMs, referenceGasPrice} = this.#environment.epoch
    const {sender, gasData} = data.V1
    return {
      sender,
      digest: digestBytes(digest),
      epoch,
      epochTimestampMs: startTimestampMs,
      referenceGasPrice,
      gasPrice: BigInt(gasData.price),
      gasBudget: this.#budget,
      sponsor: gasData.owner === sender ? undefined : gasData.owner,
    }
  }

  /** Runs the commands; gives the changes, or why there are none. */
  #attempt(): readonly Change[] | ExecutionError {
    const {vm, reader, packages} = this.#environment
    const {loaded, program, permissive} = this.#request
    try {
      // Reading the packages of the framework is free.
      const packagesRead = loaded.packages.filter(({id}) => id !== MOVE_STDLIB && id !== SUI_FRAMEWORK)
      for (const object of [...readObjects(this.#request.loaded), ...packagesRead])
        this.#meter.chargeRead(objectSize(object))
      const args = new Arguments(vm, this.#gasSlot, this.#slots(), program.commands, permissive)
      const context: CommandContext = {
        vm,
        reader,
        packages,
        runtime: this.#runtime,
        meter: this.#meter,
        args,
        anyFunction: permissive,
        observe: (result) => {
          if (this.#request.keepOutputs) this.#observe(result)
        },
      }
      runCommands(context, program.commands)
      this.#checkLeftOver(args)
      return collectChanges({
        vm,
        runtime: this.#runtime,
        held: this.#held,
        smashed: loaded.gas.slice(1),
        packages: packages.staged.values(),
        version: this.#version,
      })
    } catch (error) {
      return toExecutionError(error)
    }
  }

  #slots(): AnySlot[] {
    const {vm} = this.#environment
    return this.#request.loaded.inputs.map((input): AnySlot => {
      if (input.kind === 'pure') return {bytes: input.bytes, readings: new Map()}
      if (input.kind === 'ended') throw plainFailure('InputObjectDeleted')
      const {object} = input
      if (input.kind === 'receiving') {
        return {receiving: receivingValue(object.id, object.version), taken: false}
      }
      if (object.type === undefined) throw plainFailure('InvariantViolation', 'a package as an input')
      const value = input.mutable
        ? vm.deserialize(object.type, object.contents)
        : this.#environment.readOnly.get(vm, object, object.type)
      const cell = {value}
      const shared = object.owner.kind === 'shared' ? {shared: [object.id]} : {}
      const slot: Slot = {type: object.type, cell, taken: false, ...shared}
      if (!input.mutable)
        return {...slot, noValue: 'InvalidObjectByValue', noMutation: 'InvalidObjectByMutRef'}
      this.#held.push({object, slot})
      return slot
    })
  }

  /** Keeps what a command returned, as bytes: later commands may change the values. */
  #observe({returned, mutated}: CommandResult): void {
    const {vm} = this.#environment
    this.#outputs.push({
      returnValues: returned.map(({type, value}) => ({type, bcs: vm.serialize(type, value)})),
      mutatedByRef: mutated.map(({argument, type, cell}) => ({
        argument,
        type,
        bcs: vm.serialize(type, cell.value),
      })),
    })
  }

  /** A result that nobody used must be one that may be dropped. */
  #checkLeftOver(args: Arguments): void {
    if (this.#request.permissive) return
    for (const {command, result, slot} of args.leftOver()) {
      if (slot.noValue !== undefined) continue
      if (this.#environment.vm.abilitiesOf(slot.type).has('drop')) continue
      throw new ExecutionError(
        {UnusedValueWithoutDrop: {resultIdx: command, secondaryIdx: result}},
        `Unused result without the drop ability. Command result ${command}, return value ${result}`,
      )
    }
  }

  #conclude({changes, gas, rebateOf, failure}: Settled): ExecutionOutcome {
    const {digest, loaded} = this.#request
    const gasId = loaded.gas[0]!.id
    const versionOf = (id: string): bigint => this.#environment.packages.getPackage(id)?.version ?? 1n
    const final = changes.map((change): FinalChange => {
      const {after} = change
      if (after === undefined) return {...change, after: undefined}
      const rebate = rebateOf(change)
      const version = after.package?.version ?? this.#version
      if (change.id !== gasId) {
        return {...change, after: finishObject(after, version, digest, rebate, versionOf)}
      }
      const left = this.#gasBalance(after.contents, failure !== undefined) - netGas(gas)
      // Only a simulation without checks can spend more than there is.
      const paid = {...after, contents: coinContents(gasId, left < 0n ? 0n : left)}
      return {...change, after: finishObject(paid, version, digest, rebate)}
    })
    const events = failure === undefined ? this.#runtime.events : []
    const effects = makeEffects({
      digest,
      epoch: this.#environment.epoch.epoch,
      failure: failure === undefined ? undefined : {status: failure.status, command: failure.command},
      gas,
      gasId,
      events,
      dependencies: this.#dependencies(),
      version: this.#version,
      changes: final,
      unchangedShared: unchangedShared(loaded),
    })
    return {
      ...effects,
      failure: failure === undefined ? undefined : describeFailure(failure, this.#environment.packages),
      events,
      balanceChanges: balanceChanges(final),
      changes: final,
      inputObjects: [...final.flatMap(({before}) => before ?? []), ...readOnlyObjects(loaded)],
      outputObjects: final.flatMap(({after}) => after ?? []),
      commandOutputs: this.#outputs,
    }
  }

  /** The gas coin's balance before gas is taken: the budget was held back, and the coins were merged. */
  #gasBalance(contents: Uint8Array, failed: boolean): bigint {
    if (failed) return this.#gasTotal
    const held = this.#gasTotal > this.#budget ? this.#budget : this.#gasTotal
    return coinBalance(contents) + held
  }

  #dependencies(): string[] {
    const read = [...readObjects(this.#request.loaded), ...this.#request.loaded.packages]
    const children = [...this.#runtime.children.values()].flatMap((child) => child.original ?? [])
    const written = [...read, ...children].map((object) => object.previousTransaction)
    return [...written, ...endedInputs(this.#request.loaded).map(({stream}) => stream.digest)].filter(
      (digest) => digest !== NO_TRANSACTION,
    )
  }
}

/** Executes a transaction whose inputs were found. Throws only what is no failure of the transaction. */
export function executeProgram(
  environment: ExecutionEnvironment,
  request: ExecutionRequest,
): ExecutionOutcome {
  environment.packages.clear()
  try {
    return new Execution(environment, request).run()
  } finally {
    environment.packages.clear()
  }
}
