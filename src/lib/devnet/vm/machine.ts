import type {LinkedModule} from '../bytecode/linked-module.ts'
import {VmAbort, VmError, type CodeLocation, type Meter, type MoveType, type VmHost} from './api.ts'
import {CHARGE_LOT, INSTRUCTION_UNITS} from './gas-table.ts'
import type {Native, NativeContext} from './natives/native.ts'
import type {Slot} from './values.ts'

/** As in Move: frames that wait for a call to return, and operands of all frames together. */
const MAX_FRAMES = 1024
const MAX_OPERANDS = 1024

/** One instruction, compiled: works on the machine. */
export type Instruction = (machine: Machine) => void

/** The code of a function, ready to run. */
export interface FunctionCode {
  readonly instructions: readonly Instruction[]
  readonly parameterCount: number
  readonly localCount: number
}

/** A native of a linked module, found. */
export interface NativeCode {
  readonly run: Native
  readonly parameterCount: number
}

/** A function of a linked module; its code is compiled when it is first entered. */
export interface LinkedFunction {
  readonly module: LinkedModule
  readonly index: number
  readonly name: string
  readonly isNative: boolean
  code(): FunctionCode
  /** Throws VmError UNSUPPORTED when the machine lacks the native. */
  native(): NativeCode
  instance(typeArgs: readonly MoveType[]): FunctionInstance
}

/** A function under type arguments, with what its generic instructions resolved to so far (by operand). */
export interface FunctionInstance {
  readonly fn: LinkedFunction
  readonly typeArgs: readonly MoveType[]
  readonly callees: (FunctionInstance | undefined)[]
}

interface Frame {
  readonly instance: FunctionInstance
  readonly locals: Slot[]
  readonly pc: number
}

/** The state of one call from a transaction: operand stack, frames, the place in the code. */
export class Machine {
  readonly host: VmHost
  readonly meter: Meter
  readonly stack: Slot[] = []
  locals: Slot[] = []
  pc = 0
  instance: FunctionInstance
  /** Made when the first native is called. */
  nativeContext: NativeContext | undefined
  #instructions: readonly Instruction[] = []
  readonly #frames: Frame[] = []
  #running = false
  #steps = 0

  constructor(host: VmHost, meter: Meter, instance: FunctionInstance) {
    this.host = host
    this.meter = meter
    this.instance = instance
  }

  /** Runs the instance the machine was made with; arguments and, after, results are on the stack. */
  run(): void {
    const {stack} = this
    try {
      this.#load(this.instance)
      this.#running = true
      while (this.#running) {
        this.#steps++
        this.#instructions[this.pc++]!(this)
        if (stack.length > MAX_OPERANDS) throw new VmError('EXECUTION_STACK_OVERFLOW', 'too many operands')
      }
      this.settle(0)
    } catch (error) {
      if ((error instanceof VmAbort || error instanceof VmError) && error.location === undefined) {
        error.location = locationOf(this.instance.fn, Math.max(this.pc - 1, 0))
      }
      throw error
    }
  }

  /** Charges for the instructions since the last time, if they are more than `lot`. */
  settle(lot: number = CHARGE_LOT): void {
    if (this.#steps <= lot) return
    const steps = this.#steps
    this.#steps = 0
    this.meter.charge(steps * INSTRUCTION_UNITS)
  }

  /** Jumps; a jump back is where endless loops are stopped. */
  jump(target: number): void {
    if (target < this.pc) this.settle()
    this.pc = target
  }

  /** Calls a function that is not native, its arguments being on the stack. */
  enter(instance: FunctionInstance): void {
    if (this.#frames.length >= MAX_FRAMES)
      throw new VmError('CALL_STACK_OVERFLOW', 'too many calls inside calls')
    this.settle()
    const frame = {instance: this.instance, locals: this.locals, pc: this.pc}
    this.#load(instance)
    this.#frames.push(frame)
  }

  /** Ends the function; its results stay on the stack. */
  leave(): void {
    const frame = this.#frames.pop()
    if (frame === undefined) {
      this.#running = false
      return
    }
    this.instance = frame.instance
    this.locals = frame.locals
    this.pc = frame.pc
    this.#instructions = frame.instance.fn.code().instructions
  }

  #load(instance: FunctionInstance): void {
    const {instructions, parameterCount, localCount} = instance.fn.code()
    const {stack} = this
    const locals = new Array<Slot>(localCount)
    for (let index = parameterCount - 1; index >= 0; index--) locals[index] = stack.pop()!
    this.instance = instance
    this.locals = locals
    this.pc = 0
    this.#instructions = instructions
  }
}

/** Where in the bytecode an instruction of a function is. */
export function locationOf(fn: LinkedFunction, instruction: number): CodeLocation {
  return {
    package: fn.module.package.originalId,
    storageId: fn.module.package.storageId,
    module: fn.module.id.name,
    functionIndex: fn.index,
    functionName: fn.name,
    instruction,
  }
}
