/** No reference outlives what it refers to, and what is mutably borrowed is not seen or changed by other ways. */
import {BorrowGraph} from './borrow-graph.ts'
import {byName} from './by-name.ts'
import {interpret} from './flow.ts'
import {joinStates, ReferenceCheck, type ReferenceState, type Slot} from './reference-check.ts'
import {refuse} from './refusal.ts'
import {isReference, type Type} from './types.ts'
import type {FunctionView, Instruction, ModuleView} from './view.ts'

type Rule = (check: ReferenceCheck, instruction: Instruction) => void

export function checkReferences(view: ModuleView, fn: FunctionView): void {
  const graph = new BorrowGraph()
  const locals = fn.locals.map((type, index): Slot => {
    if (index >= fn.parameters.length || !isReference(type)) return undefined
    graph.add(index, type.kind === 'MutableReference')
    return index
  })
  // The frame itself: locals are borrowed from it.
  graph.add(fn.locals.length, true)
  interpret<ReferenceState>(fn.flow, {
    initial: {locals, graph},
    after: (state, block) => {
      const check = new ReferenceCheck(view, fn, state)
      for (check.at = block.start; check.at <= block.end; check.at++) {
        const instruction = fn.code[check.at]!
        const rule = RULES[instruction.name]
        if (rule === undefined) refuse('DEPRECATED_BYTECODE_FORMAT', `${fn.name} uses ${instruction.name}`)
        rule(check, instruction)
      }
      return check.state()
    },
    join: joinStates,
  })
}

const localLabel = (index: number): string => `l${index}`

/** Takes so many slots, all of them values, and puts so many values. */
const values =
  (taken: number, put: number): Rule =>
  (check) => {
    check.take(taken)
    for (let left = put; left > 0; left--) check.push(undefined)
  }

const borrowLocal =
  (mutable: boolean): Rule =>
  (check, {index}) => {
    const {graph, frame} = check
    const taken = mutable ? graph.isBorrowed(frame, null) : isLocalTaken(check, index)
    check.deny(taken, 'BORROWLOC_EXISTS_BORROW_ERROR')
    const id = check.reference(mutable)
    graph.borrowAt(frame, [localLabel(index)], id)
    check.push(id)
  }

function isLocalTaken({graph, frame}: ReferenceCheck, index: number): boolean {
  return graph.isBorrowed(frame, null) || graph.isBorrowed(frame, localLabel(index), true)
}

/** Borrows fields from a reference, which is used up. */
function borrowFields(
  check: ReferenceCheck,
  mutable: boolean,
  labels: readonly string[],
  whole: boolean,
): void {
  const {graph} = check
  const parent = check.popReference()
  const taken = mutable
    ? graph.isBorrowed(parent, null)
    : check.isUnreadable(parent, whole ? undefined : labels[0])
  check.deny(taken, 'FIELD_EXISTS_MUTABLE_BORROW_ERROR')
  const ids = labels.map((label) => {
    const id = check.reference(mutable)
    graph.borrowAt(parent, [label], id)
    return id
  })
  graph.release(parent)
  check.push(...ids)
}

const borrowField =
  (mutable: boolean): Rule =>
  (check, instruction) => {
    const {key, field} = check.view.dataUse(instruction)
    borrowFields(check, mutable, [`${key}.${field}`], false)
  }

const unpackReference =
  (mutable: boolean): Rule =>
  (check, instruction) => {
    const {key, fields} = check.view.dataUse(instruction)
    const labels = fields.map((_, index) => `${key}.${index}`)
    borrowFields(check, mutable, labels, true)
  }

const borrowElement =
  (mutable: boolean): Rule =>
  (check) => {
    check.pop()
    const vector = check.popReference()
    check.deny(mutable && check.isUnwritable(vector), 'VEC_BORROW_ELEMENT_EXISTS_MUTABLE_BORROW_ERROR')
    const id = check.reference(mutable)
    check.graph.borrowBehind(vector, id)
    check.graph.release(vector)
    check.push(id)
  }

/** A change of a vector, behind so many values on the stack. */
const changeVector =
  (taken: number, put: number): Rule =>
  (check) => {
    check.take(taken)
    const vector = check.popReference()
    check.deny(check.isUnwritable(vector), 'VEC_UPDATE_EXISTS_MUTABLE_BORROW_ERROR')
    check.graph.release(vector)
    for (let left = put; left > 0; left--) check.push(undefined)
  }

const equality: Rule = (check) => {
  const pair = check.take(2).filter((slot) => slot !== undefined)
  check.deny(
    pair.some((id) => check.isUnreadable(id)),
    'READREF_EXISTS_MUTABLE_BORROW_ERROR',
  )
  pair.forEach((id) => check.graph.release(id))
  check.push(undefined)
}

/** Mutable arguments are borrowed by nobody; what is returned may borrow from any argument that allows it. */
const call: Rule = (check, instruction) => {
  const {graph} = check
  const {parameters, returns} = check.view.callUse(instruction)
  const lent = check.take(parameters.length).filter((slot) => slot !== undefined)
  const mutable = lent.filter((id) => graph.isMutable(id))
  check.deny(
    mutable.some((id) => check.isUnwritable(id)),
    'CALL_BORROWED_MUTABLE_REFERENCE_ERROR',
  )
  const results = returns.map((type: Type): Slot => {
    if (!isReference(type)) return undefined
    const isMutable = type.kind === 'MutableReference'
    const id = check.reference(isMutable)
    for (const parent of isMutable ? mutable : lent) graph.borrowBehind(parent, id)
    return id
  })
  for (const id of lent) graph.release(id)
  check.push(...results)
}

const leave: Rule = (check) => {
  const {graph, frame, locals, fn} = check
  const results = check.take(fn.returns.length)
  for (const slot of locals.splice(0)) check.release(slot)
  check.deny(graph.isBorrowed(frame, undefined), 'UNSAFE_RET_LOCAL_OR_RESOURCE_STILL_BORROWED')
  for (const id of results) {
    const borrowed = id !== undefined && graph.isMutable(id) && check.isUnwritable(id)
    check.deny(borrowed, 'RET_BORROWED_MUTABLE_REFERENCE_ERROR')
  }
}

const RULES: Readonly<Record<string, Rule>> = {
  Pop: (check) => check.release(check.pop()),
  CopyLoc: (check, {index}) => {
    const {graph, locals} = check
    const slot = locals[index]
    if (slot === undefined) check.deny(isLocalTaken(check, index), 'COPYLOC_EXISTS_BORROW_ERROR')
    const copy = slot === undefined ? undefined : check.reference(graph.isMutable(slot))
    if (slot !== undefined && copy !== undefined) graph.borrowAt(slot, [], copy)
    check.push(copy)
  },
  MoveLoc: (check, {index}) => {
    const {graph, frame, locals} = check
    const slot = locals[index]
    check.deny(
      slot === undefined && graph.isBorrowed(frame, localLabel(index)),
      'MOVELOC_EXISTS_BORROW_ERROR',
    )
    locals[index] = undefined
    check.push(slot)
  },
  StLoc: (check, {index}) => {
    const {graph, frame, locals} = check
    const old = locals[index]
    locals[index] = check.pop()
    check.release(old)
    check.deny(
      old === undefined && graph.isBorrowed(frame, localLabel(index)),
      'STLOC_UNSAFE_TO_DESTROY_ERROR',
    )
  },
  FreezeRef: (check) => {
    const id = check.popReference()
    check.deny(check.isUnreadable(id), 'FREEZEREF_EXISTS_MUTABLE_BORROW_ERROR')
    const frozen = check.reference(false)
    check.graph.borrowAt(id, [], frozen)
    check.graph.release(id)
    check.push(frozen)
  },
  ReadRef: (check) => {
    const id = check.popReference()
    check.deny(check.isUnreadable(id), 'READREF_EXISTS_MUTABLE_BORROW_ERROR')
    check.graph.release(id)
    check.push(undefined)
  },
  WriteRef: (check) => {
    const id = check.popReference()
    check.pop()
    check.deny(check.isUnwritable(id), 'WRITEREF_EXISTS_BORROW_ERROR')
    check.graph.release(id)
  },
  ...byName('Eq Neq', equality),
  MutBorrowLoc: borrowLocal(true),
  ImmBorrowLoc: borrowLocal(false),
  ...byName('MutBorrowField MutBorrowFieldGeneric', borrowField(true)),
  ...byName('ImmBorrowField ImmBorrowFieldGeneric', borrowField(false)),
  ...byName('UnpackVariantMutRef UnpackVariantGenericMutRef', unpackReference(true)),
  ...byName('UnpackVariantImmRef UnpackVariantGenericImmRef', unpackReference(false)),
  ...byName('Call CallGeneric', call),
  Ret: leave,
  VariantSwitch: (check) => check.release(check.pop()),
  VecMutBorrow: borrowElement(true),
  VecImmBorrow: borrowElement(false),
  VecLen: (check) => {
    check.graph.release(check.popReference())
    check.push(undefined)
  },
  VecPushBack: changeVector(1, 0),
  VecPopBack: changeVector(0, 1),
  VecSwap: changeVector(2, 0),
  VecPack: (check, {count}) => values(count, 1)(check, {name: '', index: 0, count}),
  VecUnpack: (check, {count}) => values(1, count)(check, {name: '', index: 0, count}),
  ...byName('Branch Nop Not CastU8 CastU16 CastU32 CastU64 CastU128 CastU256', () => undefined),
  ...byName('BrTrue BrFalse Abort', values(1, 0)),
  ...byName('LdTrue LdFalse LdU8 LdU16 LdU32 LdU64 LdU128 LdU256 LdConst', values(0, 1)),
  ...byName('Add Sub Mul Mod Div BitOr BitAnd Xor Shl Shr Or And Lt Gt Le Ge', values(2, 1)),
  ...byName('Pack PackGeneric PackVariant PackVariantGeneric', (check, instruction) => {
    check.take(check.view.dataUse(instruction).fields.length)
    check.push(undefined)
  }),
  ...byName('Unpack UnpackGeneric UnpackVariant UnpackVariantGeneric', (check, instruction) => {
    check.pop()
    check.push(...check.view.dataUse(instruction).fields.map(() => undefined))
  }),
}
