import type {LinkedModule} from '../../bytecode/linked-module.ts'
import {entry, type RawOperand} from '../../bytecode/module.ts'
import {VmError, type SignatureType} from '../api.ts'
import type {FunctionTable} from '../functions.ts'
import type {Instruction} from '../machine.ts'

/**
 * What is known while one function is compiled: the types on the operand stack. Instructions such as Add do not say
 * their width, so it is inferred; the bytecode verifier guarantees that the stack is empty between basic blocks.
 */
export class Scope {
  readonly module: LinkedModule
  readonly functions: FunctionTable
  readonly locals: readonly SignatureType[]
  readonly jumpTables: readonly (readonly number[])[]
  #stack: SignatureType[] = []

  constructor(
    module: LinkedModule,
    functions: FunctionTable,
    locals: readonly SignatureType[],
    jumpTables: readonly (readonly number[])[],
  ) {
    this.module = module
    this.functions = functions
    this.locals = locals
    this.jumpTables = jumpTables
  }

  push(...types: readonly SignatureType[]): void {
    this.#stack.push(...types)
  }

  pop(): SignatureType {
    const type = this.#stack.pop()
    if (type === undefined) throw new VmError('INVARIANT_VIOLATION', 'the bytecode pops from an empty stack')
    return type
  }

  drop(count: number): void {
    for (let index = 0; index < count; index++) this.pop()
  }

  /** The type a reference on the stack refers to. */
  popRef(): SignatureType {
    const type = this.pop()
    if (type.kind !== 'ref')
      throw new VmError('INVARIANT_VIOLATION', 'the bytecode uses a value as a reference')
    return type.to
  }

  /** Nothing is known after a jump that is always taken: a new block begins. */
  endBlock(): void {
    this.#stack = []
  }

  local(index: number): SignatureType {
    return entry(this.locals, index)
  }
}

/** Makes an instruction of its operand, and does to the scope's stack what it will do to the machine's. */
export type Build = (scope: Scope, operand: RawOperand) => Instruction

/** Instructions by their names in the bytecode. */
export type Family = Readonly<Record<string, Build>>

/** True for types whose values JavaScript copies by itself, and for references. */
export function copiesItself(type: SignatureType): boolean {
  return type.kind !== 'vector' && type.kind !== 'datatype' && type.kind !== 'typeParameter'
}
