import {STD, SUI} from '../well-known.ts'
import {cryptoNatives} from './crypto.ts'
import type {Native, NativeModules, NativeTable} from './native.ts'
import {objectNatives} from './objects.ts'
import {stdNatives} from './std.ts'

/** Every native the machine has, by `0x…::module::function`. */
export function createNativeTable(): NativeTable {
  const table = new Map<string, Native>()
  const packages: readonly (readonly [string, NativeModules])[] = [
    [STD, stdNatives],
    [SUI, objectNatives],
    [SUI, cryptoNatives],
  ]
  for (const [address, modules] of packages) {
    for (const [module, functions] of Object.entries(modules)) {
      for (const [name, native] of Object.entries(functions))
        table.set(`${address}::${module}::${name}`, native)
    }
  }
  return table
}
