import {entry} from '../module.ts'
import {refuse} from './refusal.ts'
import {isReference, type Type} from './types.ts'
import type {FunctionView, Instruction, ModuleView} from './view.ts'

/** The stack of types while one function is gone through. */
export class TypeCheck {
  readonly view: ModuleView
  readonly fn: FunctionView
  at = 0
  readonly #stack: Type[] = []

  constructor(view: ModuleView, fn: FunctionView) {
    this.view = view
    this.fn = fn
  }

  push(...types: readonly Type[]): void {
    this.#stack.push(...types)
  }

  pop(): Type {
    return this.#stack.pop() ?? this.fail('NEGATIVE_STACK_SIZE_WITHIN_BLOCK')
  }

  fail(status: string): never {
    return refuse(status, `in ${this.fn.name}, at ${this.at}`)
  }

  /** Takes a value of a type from the stack. */
  expect(type: Type, status: string): void {
    if (this.pop() !== type) this.fail(status)
  }

  /** Takes values of types, the last of which is on top. */
  expectAll(types: readonly Type[], status: string): void {
    for (let index = types.length - 1; index >= 0; index--) this.expect(types[index]!, status)
  }

  primitive(kind: 'Bool' | 'U8' | 'U16' | 'U32' | 'U64' | 'U128' | 'U256'): Type {
    return this.view.types.make(kind)
  }

  reference(mutable: boolean, to: Type): Type {
    return this.view.types.make(mutable ? 'MutableReference' : 'Reference', [to])
  }

  has(type: Type, ability: number): boolean {
    return (this.view.types.abilities(type, this.fn.constraints) & ability) !== 0
  }

  local({index}: Instruction): Type {
    return entry(this.fn.locals, index)
  }

  /** Takes a reference; what it refers to. */
  popReference(mutableOnly: boolean, status: string): Type {
    const type = this.pop()
    if (!isReference(type) || (mutableOnly && type.kind !== 'MutableReference')) this.fail(status)
    return type.args[0]!
  }

  /** Takes a reference to the vector that an instruction works on; its element type. */
  popVector(mutableOnly: boolean, instruction: Instruction): Type {
    const element = this.view.elementType(instruction)
    const vector = this.popReference(mutableOnly, 'TYPE_MISMATCH')
    if (vector !== this.view.types.make('Vector', [element])) this.fail('TYPE_MISMATCH')
    return element
  }
}
