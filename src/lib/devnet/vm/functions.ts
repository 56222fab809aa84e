import type {LinkedModule} from '../bytecode/linked-module.ts'
import {entry, moduleIdOf} from '../bytecode/module.ts'
import {VmAbort, VmError, type MoveType, type Value} from './api.ts'
import {compileFunction} from './compile.ts'
import {NATIVE_UNITS} from './gas-table.ts'
import {
  locationOf,
  type FunctionCode,
  type FunctionInstance,
  type LinkedFunction,
  type Machine,
  type NativeCode,
} from './machine.ts'
import type {NativeContext, NativeTable} from './natives/native.ts'
import type {TypeSystem} from './type-system.ts'
import {formatType} from './types.ts'
import type {Slot} from './values.ts'

/** Functions of linked modules by name, each compiled once; and the way into natives. */
export class FunctionTable {
  readonly #natives: NativeTable
  readonly #types: TypeSystem
  readonly #originalId: NativeContext['originalId']
  readonly #log: (line: string) => void
  readonly #functions = new WeakMap<LinkedModule, Map<string, LinkedFunction>>()

  constructor(
    natives: NativeTable,
    types: TypeSystem,
    originalId: NativeContext['originalId'],
    log: (line: string) => void,
  ) {
    this.#natives = natives
    this.#types = types
    this.#originalId = originalId
    this.#log = log
  }

  /** A function of a module. Throws VmError FUNCTION_NOT_FOUND. */
  find(module: LinkedModule, name: string): LinkedFunction {
    let functions = this.#functions.get(module)
    if (functions === undefined) {
      functions = new Map()
      this.#functions.set(module, functions)
    }
    let fn = functions.get(name)
    if (fn === undefined) {
      const index = module.functionIndex(name)
      if (index === undefined) {
        throw new VmError(
          'FUNCTION_NOT_FOUND',
          `no function ${module.package.storageId}::${module.id.name}::${name}`,
        )
      }
      fn = this.#make(module, index, name)
      functions.set(name, fn)
    }
    return fn
  }

  /** The function a handle of a module names. Throws VmError MODULE_NOT_FOUND, FUNCTION_NOT_FOUND. */
  callee(module: LinkedModule, handleIndex: number): LinkedFunction {
    const {address, name} = moduleIdOf(module.raw, entry(module.raw.function_handles, handleIndex).module)
    return this.find(module.context.module(address, name), module.functionName(handleIndex))
  }

  /** Calls a function, native or not, its arguments being on the machine's stack. */
  invoke(machine: Machine, instance: FunctionInstance): void {
    if (instance.fn.isNative) this.#invokeNative(machine, instance)
    else machine.enter(instance)
  }

  #make(module: LinkedModule, index: number, name: string): LinkedFunction {
    const instances = new Map<string, FunctionInstance>()
    let code: FunctionCode | undefined
    let native: NativeCode | undefined
    const fn: LinkedFunction = {
      module,
      index,
      name,
      isNative: entry(module.raw.function_defs, index).code === undefined,
      code: () => (code ??= compileFunction(module, index, this)),
      native: () => (native ??= this.#findNative(module, index, name)),
      instance: (typeArgs: readonly MoveType[]) => {
        const key = typeArgs.map(formatType).join(',')
        let instance = instances.get(key)
        if (instance === undefined) {
          instance = {fn, typeArgs, callees: []}
          instances.set(key, instance)
        }
        return instance
      },
    }
    return fn
  }

  #findNative(module: LinkedModule, index: number, name: string): NativeCode {
    const {id, raw} = module
    const run = this.#natives.get(`${id.address}::${id.name}::${name}`)
    if (run === undefined) throw new VmError('UNSUPPORTED', `native ${id.name}::${name}`)
    const {parameters} = entry(raw.function_handles, entry(raw.function_defs, index).function)
    return {run, parameterCount: module.signature(parameters).length}
  }

  #contextOf({host, meter}: Machine): NativeContext {
    return {
      host,
      types: this.#types,
      charge: (units) => meter.charge(units),
      log: this.#log,
      originalId: this.#originalId,
    }
  }

  #invokeNative(machine: Machine, {fn, typeArgs}: FunctionInstance): void {
    try {
      const {run, parameterCount} = fn.native()
      const {stack} = machine
      const args: Slot[] = stack.splice(stack.length - parameterCount, parameterCount)
      machine.settle()
      machine.meter.charge(NATIVE_UNITS)
      const result = run((machine.nativeContext ??= this.#contextOf(machine)), args, typeArgs)
      if (result !== undefined) stack.push(result as Value)
    } catch (error) {
      if (error instanceof VmAbort || error instanceof VmError) error.location ??= locationOf(fn, 0)
      throw error
    }
  }
}
