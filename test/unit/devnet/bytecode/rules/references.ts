import type {RawInstruction} from '../../../../../src/lib/devnet/bytecode/module.ts'
import {functionOf, setCode, setSignature, signatureOf} from '../editable.ts'
import {call, code, locals, pack, u64, type Change, type Case} from './changes.ts'

/** References that see or change what they must not. */
export const REFERENCES: readonly Case[] = [
  [
    'UNSAFE_RET_LOCAL_OR_RESOURCE_STILL_BORROWED',
    'a reference to a local returned',
    refs('choose_ref', [u64, {StLoc: 3}, {ImmBorrowLoc: 3}, 'Ret']),
  ],
  [
    'MOVELOC_EXISTS_BORROW_ERROR',
    'a local moved that is borrowed',
    refs('read', [u64, {StLoc: 1}, {ImmBorrowLoc: 1}, {MoveLoc: 1}, 'Pop', 'ReadRef', 'Ret']),
  ],
  [
    'COPYLOC_EXISTS_BORROW_ERROR',
    'a local copied that is mutably borrowed',
    refs('read', [u64, {StLoc: 1}, {MutBorrowLoc: 1}, {CopyLoc: 1}, 'Pop', 'ReadRef', 'Ret']),
  ],
  [
    'BORROWLOC_EXISTS_BORROW_ERROR',
    'a local borrowed that is mutably borrowed',
    refs('read', [u64, {StLoc: 1}, {MutBorrowLoc: 1}, {ImmBorrowLoc: 1}, 'Pop', 'ReadRef', 'Ret']),
  ],
  [
    'STLOC_UNSAFE_TO_DESTROY_ERROR',
    'a local overwritten that is borrowed',
    refs('read', [u64, {StLoc: 1}, {ImmBorrowLoc: 1}, u64, {StLoc: 1}, 'ReadRef', 'Ret']),
  ],
  [
    'READREF_EXISTS_MUTABLE_BORROW_ERROR',
    'a reference read while another may write',
    borrowed([{CopyLoc: 0}, 'ReadRef', 'Pop', 'Pop', 'Ret']),
  ],
  ['WRITEREF_EXISTS_BORROW_ERROR', 'what is borrowed overwritten', borrowed(['LdFalse', 'Pop'], true)],
  [
    'FREEZEREF_EXISTS_MUTABLE_BORROW_ERROR',
    'what is mutably borrowed frozen',
    borrowed([{CopyLoc: 0}, 'FreezeRef', 'Pop', 'Pop', 'Ret']),
  ],
  [
    'FIELD_EXISTS_MUTABLE_BORROW_ERROR',
    'a field borrowed while a copy of the reference may write',
    (m) => {
      const borrow = functionOf(m, 'set').code!.code.find(
        (each) => typeof each === 'object' && 'MutBorrowField' in each,
      )!
      setCode(m, 'set', [{CopyLoc: 0}, {CopyLoc: 0}, borrow as RawInstruction, 'Pop', 'Pop', 'Ret'])
    },
  ],
  [
    'CALL_BORROWED_MUTABLE_REFERENCE_ERROR',
    'a mutable reference given away twice',
    (m) => {
      setSignature(m, 'swap', [{MutableReference: 'U64'}, {MutableReference: 'U64'}], [])
      setCode(m, 'swap', ['Ret'])
      setSignature(m, 'swapped', [{MutableReference: 'U64'}], [])
      setCode(m, 'swapped', [{CopyLoc: 0}, {CopyLoc: 0}, call(m, 'swap'), 'Ret'])
    },
  ],
  [
    'RET_BORROWED_MUTABLE_REFERENCE_ERROR',
    'two mutable references to one place returned',
    (m) => {
      setSignature(
        m,
        'bump',
        [{MutableReference: 'U64'}],
        [{MutableReference: 'U64'}, {MutableReference: 'U64'}],
      )
      setCode(m, 'bump', [{CopyLoc: 0}, {MoveLoc: 0}, 'Ret'])
      code('touch', u64, 'Ret')(m)
    },
  ],
  [
    'VEC_UPDATE_EXISTS_MUTABLE_BORROW_ERROR',
    'a vector changed while an element is borrowed',
    elements((index): RawInstruction[] => [{CopyLoc: 0}, {VecPopBack: index}, 'Pop', 'ReadRef', 'Ret']),
  ],
  [
    'VEC_BORROW_ELEMENT_EXISTS_MUTABLE_BORROW_ERROR',
    'two elements mutably borrowed',
    elements((index) => [{CopyLoc: 0}, u64, {VecMutBorrow: index}, 'Pop', 'ReadRef', 'Ret']),
  ],
  // Over blocks, calls and loops.
  [
    'MOVELOC_EXISTS_BORROW_ERROR',
    'a local moved that is borrowed on one of two ways',
    locals(
      'choose_ref',
      ['U64', {Reference: 'U64'}],
      code(
        'choose_ref',
        u64,
        {StLoc: 3},
        {MoveLoc: 2},
        {BrFalse: 7},
        {ImmBorrowLoc: 3},
        {StLoc: 4},
        {Branch: 9},
        {CopyLoc: 0},
        {StLoc: 4},
        {MoveLoc: 3},
        'Pop',
        {MoveLoc: 4},
        'Ret',
      ),
    ),
  ],
  [
    'MOVELOC_EXISTS_BORROW_ERROR',
    'a local moved that the result of a call may borrow from',
    (m) => {
      const chosen: RawInstruction[] = [{ImmBorrowLoc: 3}, {CopyLoc: 1}, {MoveLoc: 2}, call(m, 'choose_ref')]
      refs('bound', [u64, {StLoc: 3}, ...chosen, {MoveLoc: 3}, 'Pop', 'ReadRef', 'Ret'])(m)
    },
  ],
  [
    'VEC_BORROW_ELEMENT_EXISTS_MUTABLE_BORROW_ERROR',
    'an element mutably borrowed again in the next round of a loop',
    (m) => {
      setSignature(m, 'family', [{MutableReference: {Vector: 'U64'}}, {MutableReference: 'U64'}], [])
      const borrow: RawInstruction[] = [
        {CopyLoc: 0},
        u64,
        {VecMutBorrow: signatureOf(m, ['U64'])},
        {StLoc: 1},
      ]
      setCode(m, 'family', [...borrow, 'LdTrue', {BrTrue: 0}, 'Ret'])
    },
  ],
]

/** A function with one more local, a u64. */
function refs(name: string, instructions: RawInstruction[]): Change {
  return locals(name, ['U64'], code(name, ...instructions))
}

/** In `set`: a field of the parameter is mutably borrowed on the stack; then something else. */
function borrowed(then: RawInstruction[], write = false): Change {
  return (m) => {
    const borrow = functionOf(m, 'set').code!.code.find(
      (each) => typeof each === 'object' && 'MutBorrowField' in each,
    )!
    const value: RawInstruction[] = [u64, 'LdTrue', pack(m, 'Plain'), {CopyLoc: 0}, 'WriteRef', 'Pop', 'Ret']
    setCode(m, 'set', [{CopyLoc: 0}, borrow as RawInstruction, ...then, ...(write ? value : [])])
  }
}

/** In `change`: the first element is mutably borrowed on the stack; then something else. */
function elements(then: (signature: number) => RawInstruction[]): Change {
  return (m) => {
    const index = signatureOf(m, ['U64'])
    setCode(m, 'change', [{CopyLoc: 0}, u64, {VecMutBorrow: index}, ...then(index)])
  }
}
