import {Linker} from '../bytecode/link.ts'
import {verifyModules} from '../bytecode/verify.ts'
import {VmError, type CallRequest, type Cell, type PackageStore, type Value, type Vm} from './api.ts'
import {instructionSet} from './compile.ts'
import {FunctionTable} from './functions.ts'
import {Machine} from './machine.ts'
import type {NativeTable} from './natives/native.ts'
import {createNativeTable} from './natives/table.ts'
import {TypeSystem} from './type-system.ts'
import {copyValue} from './types.ts'
import {Ref, refToCell, type Slot} from './values.ts'

/** What a machine may be given besides packages. */
export interface VmOptions {
  /** Takes each line that `std::debug::print` prints. Nothing is printed without it. */
  readonly log?: (line: string) => void
  /** Natives besides its own, for modules that no network publishes. */
  readonly natives?: NativeTable
}

/**
 * Makes a virtual machine over a store of packages. It keeps what it compiled; a package that the store no longer
 * has cannot be called.
 */
export function createVm(store: PackageStore, options: VmOptions = {}): Vm {
  const linker = new Linker(store)
  const types = new TypeSystem(linker)
  const natives = new Map([...createNativeTable(), ...(options.natives ?? [])])
  const log = options.log ?? (() => undefined)
  const functions = new FunctionTable(natives, types, (id) => linker.package(id).originalId, log)
  const module = (packageId: string, name: string) => {
    const context = linker.context(packageId)
    return context.module(context.root.originalId, name)
  }
  return {
    call: (request) => call(request, functions, module(request.package, request.module)),
    functionInfo: (packageId, moduleName, name) => {
      const linked = module(packageId, moduleName)
      return linked.functionInfo(functions.find(linked, name).index)
    },
    moduleFunctions: (packageId, moduleName) => {
      const linked = module(packageId, moduleName)
      return linked.raw.function_defs.map((_, index) => linked.functionInfo(index))
    },
    datatypeInfo: (packageId, moduleName, name) => types.datatype(packageId, moduleName, name),
    moduleDatatypes: (packageId, moduleName) => types.datatypes(packageId, moduleName),
    abilitiesOf: (type) => types.abilities(type),
    serialize: (type, value) => types.serialize(type, value),
    deserialize: (type, bytes) => types.deserialize(type, bytes),
    toJson: (type, value) => types.codec(type).json(value),
    verifyForPublish: (modules, linkage, trusted) =>
      verifyModules(
        modules,
        linkage,
        store,
        {
          hasNative: (address, moduleName, name) => natives.has(`${address}::${moduleName}::${name}`),
          hasInstruction: (name) => Object.hasOwn(instructionSet, name),
        },
        trusted,
      ),
  }
}

type LinkedModule = Parameters<FunctionTable['find']>[0]

function call(request: CallRequest, functions: FunctionTable, module: LinkedModule): Value[] {
  const fn = functions.find(module, request.function)
  const {parameters, typeParameters} = module.functionInfo(fn.index)
  if (parameters.length !== request.args.length || typeParameters.length !== request.typeArgs.length) {
    throw new VmError('TYPE_MISMATCH', `${fn.name} takes ${parameters.length} arguments`)
  }
  const instance = fn.instance(request.typeArgs)
  const machine = new Machine(request.host, request.meter, instance)
  request.args.forEach((argument, index) =>
    machine.stack.push(slotOf(argument, parameters[index]!.kind === 'ref')),
  )
  if (fn.isNative) functions.invoke(machine, instance)
  else machine.run()
  return machine.stack.map((slot) => (slot instanceof Ref ? copyValue(slot.read()) : slot))
}

function slotOf(argument: Value | {readonly cell: Cell}, wantsRef: boolean): Slot {
  const cell = typeof argument === 'object' && 'cell' in argument ? argument.cell : undefined
  if (wantsRef) return refToCell(cell ?? {value: argument as Value})
  if (cell !== undefined) throw new VmError('TYPE_MISMATCH', 'a reference where a value is wanted')
  return argument as Value
}
