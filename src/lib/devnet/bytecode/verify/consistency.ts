import {entry} from '../module.ts'
import {refuse} from './refusal.ts'
import type {ModuleView} from './view.ts'

const MOST_ELEMENTS = 0xffff
const DATA = /^(Pack|Unpack|ImmBorrowField|MutBorrowField)/

/** An instruction is the generic one exactly where what it works on is generic. */
export function checkConsistency(view: ModuleView): void {
  for (const {name: fn, code, jumpTables} of view.functions()) {
    const mismatch = (generic: boolean, parameters: number): void => {
      if (generic !== parameters > 0)
        refuse('GENERIC_MEMBER_OPCODE_MISMATCH', `${fn} uses a generic as one that is not, or the reverse`)
    }
    const switches = new Set<number>()
    for (const instruction of code) {
      const {name, index, count} = instruction
      if (name === 'Call' || name === 'CallGeneric') {
        const {handle} = view.callUse(instruction)
        mismatch(name === 'CallGeneric', entry(view.raw.function_handles, handle).type_parameters.length)
      } else if (DATA.test(name)) {
        const {handle, generic} = view.dataUse(instruction)
        mismatch(generic, entry(view.raw.datatype_handles, handle).type_parameters.length)
      } else if (name === 'VecPack' || name === 'VecUnpack') {
        if (count > MOST_ELEMENTS) refuse('CONSTRAINT_NOT_SATISFIED', `${fn} packs ${count} elements`)
      } else if (name === 'VariantSwitch') {
        switches.add(index)
      }
    }
    if (switches.size !== jumpTables.length)
      refuse('INVALID_ENUM_SWITCH', `${fn} has a jump table that it does not use`)
  }
}
