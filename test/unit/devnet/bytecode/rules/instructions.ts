import assert from 'node:assert/strict'
import type {RawInstruction} from '../../../../../src/lib/devnet/bytecode/module.ts'
import {functionOf, signatureOf} from '../editable.ts'
import {call, code, locals, pack, replace, struct, u64, use, type Case} from './changes.ts'

/** Code that does not flow, stack or type, and locals without values. */
export const INSTRUCTIONS: readonly Case[] = [
  ['EMPTY_CODE_UNIT', 'no code', code('family')],
  ['INVALID_FALL_THROUGH', 'code that does not end', code('family', 'Nop')],
  [
    'INVALID_LOOP_SPLIT',
    'a loop that is entered twice',
    code('family', 'LdTrue', {BrTrue: 3}, 'Nop', 'Nop', 'LdTrue', {BrTrue: 2}, 'Ret'),
  ],
  ['NEGATIVE_STACK_SIZE_WITHIN_BLOCK', 'a value that is not there', code('family', 'Pop', 'Ret')],
  ['POSITIVE_STACK_SIZE_AT_BLOCK_END', 'a value that is left', code('family', u64, 'Ret')],
  [
    'POSITIVE_STACK_SIZE_AT_BLOCK_END',
    'a value for the next block',
    code('family', u64, {Branch: 2}, 'Pop', 'Ret'),
  ],
  [
    'POP_WITHOUT_DROP_ABILITY',
    'a value that may not be dropped',
    code('cool', {MoveLoc: 0}, 'Pop', u64, 'Ret'),
  ],
  ['BR_TYPE_MISMATCH_ERROR', 'a jump on a number', code('family', u64, {BrTrue: 2}, 'Ret')],
  ['STLOC_TYPE_MISMATCH_ERROR', 'another type in a local', code('bump', 'LdTrue', {StLoc: 0}, 'Ret')],
  ['ABORT_TYPE_MISMATCH_ERROR', 'an abort with a bool', code('family', 'LdTrue', 'Abort')],
  ['RET_TYPE_MISMATCH_ERROR', 'a result of another type', code('fail', 'LdTrue', 'Ret')],
  [
    'FREEZEREF_TYPE_MISMATCH_ERROR',
    'a frozen reference frozen',
    code('read', {MoveLoc: 0}, 'FreezeRef', 'ReadRef', 'Ret'),
  ],
  ['BORROWFIELD_TYPE_MISMATCH_ERROR', 'a field of something else', replace('first', 'MoveLoc', () => [u64])],
  [
    'BORROWFIELD_TYPE_MISMATCH_ERROR',
    'a mutable field of what is only read',
    replace('n_of', 'ImmBorrowField', (index) => [{MutBorrowField: index}]),
  ],
  [
    'COPYLOC_WITHOUT_COPY_ABILITY',
    'a copy of what may not be copied',
    replace('pass', 'MoveLoc', (index) => [{CopyLoc: index}]),
  ],
  [
    'BORROWLOC_REFERENCE_ERROR',
    'a reference to a reference',
    code('read', {ImmBorrowLoc: 0}, 'Pop', u64, 'Ret'),
  ],
  [
    'CALL_TYPE_MISMATCH_ERROR',
    'an argument of another type',
    use('swapped', (m) => ['LdTrue', u64, call(m, 'swap'), 'Add', 'Ret']),
  ],
  [
    'PACK_TYPE_MISMATCH_ERROR',
    'a field of another type',
    use('heat', (m) => ['LdTrue', pack(m, 'Hot'), 'Ret']),
  ],
  [
    'UNPACK_TYPE_MISMATCH_ERROR',
    'a number unpacked',
    use('cool', (m) => [u64, {Unpack: struct('Hot')(m)}, 'Ret']),
  ],
  [
    'UNPACK_TYPE_MISMATCH_ERROR',
    'a variant by reference that is a value',
    replace('open', 'UnpackVariant', (index) => [{UnpackVariantImmRef: index}]),
  ],
  ['READREF_TYPE_MISMATCH_ERROR', 'a value read as a reference', code('read', u64, 'ReadRef', 'Ret')],
  [
    'READREF_WITHOUT_COPY_ABILITY',
    'what may not be copied read through a reference',
    code('cool', {ImmBorrowLoc: 0}, 'ReadRef', 'Pop', u64, 'Ret'),
  ],
  [
    'WRITEREF_TYPE_MISMATCH_ERROR',
    'another type written',
    code('bump', 'LdTrue', {MoveLoc: 0}, 'WriteRef', 'Ret'),
  ],
  [
    'WRITEREF_NO_MUTABLE_REFERENCE_ERROR',
    'what is only read written',
    code('read', u64, {MoveLoc: 0}, 'WriteRef', u64, 'Ret'),
  ],
  [
    'WRITEREF_WITHOUT_DROP_ABILITY',
    'what may not be dropped overwritten',
    use('cool', (m) => [u64, pack(m, 'Hot'), {MutBorrowLoc: 0}, 'WriteRef', u64, 'Ret']),
  ],
  ['INTEGER_OP_TYPE_MISMATCH_ERROR', 'a sum of two widths', code('fail', u64, {LdU8: 1}, 'Add', 'Ret')],
  ['INTEGER_OP_TYPE_MISMATCH_ERROR', 'a shift by a u64', code('fail', u64, u64, 'Shl', 'Ret')],
  ['INTEGER_OP_TYPE_MISMATCH_ERROR', 'a bool made a number', code('fail', 'LdTrue', 'CastU64', 'Ret')],
  ['INTEGER_OP_TYPE_MISMATCH_ERROR', 'bools in an order', code('flip', 'LdTrue', 'LdTrue', 'Lt', 'Ret')],
  ['BOOLEAN_OP_TYPE_MISMATCH_ERROR', 'not of a number', code('flip', u64, 'Not', 'Ret')],
  ['BOOLEAN_OP_TYPE_MISMATCH_ERROR', 'and of numbers', code('flip', u64, u64, 'And', 'Ret')],
  ['EQUALITY_OP_TYPE_MISMATCH_ERROR', 'two types compared', code('flip', u64, 'LdTrue', 'Eq', 'Ret')],
  [
    'EQUALITY_OP_TYPE_MISMATCH_ERROR',
    'what may not be dropped compared',
    use('flip', (m) => [u64, pack(m, 'Hot'), u64, pack(m, 'Hot'), 'Eq', 'Ret']),
  ],
  ['TYPE_MISMATCH', 'a vector of two types', replace('list', 'LdU64', () => ['LdTrue'])],
  [
    'TYPE_MISMATCH',
    'an index that is a bool',
    use('sum', (m) => [{CopyLoc: 0}, 'LdTrue', {VecImmBorrow: signatureOf(m, ['U64'])}, 'Pop', u64, 'Ret']),
  ],
  [
    'TYPE_MISMATCH',
    'a vector changed that is only read',
    use('sum', (m): RawInstruction[] => [{MoveLoc: 0}, {VecPopBack: signatureOf(m, ['U64'])}, 'Ret']),
  ],
  [
    'ENUM_SWITCH_BAD_OPERAND',
    'a switch on a value',
    (m) => {
      const {code: instructions} = functionOf(m, 'size').code!
      const at = instructions.findIndex((each) => typeof each === 'object' && 'VariantSwitch' in each)
      assert.deepEqual(Object.keys(instructions[at - 1]!), ['CopyLoc'])
      instructions[at - 1] = u64
    },
  ],
  [
    'ENUM_TYPE_MISMATCH',
    'a switch on another enum',
    (m) => void (functionOf(m, 'size').code!.jump_tables[0]!.head_enum = 1),
  ],
  [
    'INVALID_ENUM_SWITCH',
    'a jump table that is not used',
    (m) => {
      const {jump_tables: tables} = functionOf(m, 'size').code!
      tables.push(structuredClone(tables[0]!))
    },
  ],
  [
    'STLOC_UNSAFE_TO_DESTROY_ERROR',
    'what may not be dropped lost',
    use('pass', (m) => [u64, pack(m, 'Hot'), {StLoc: 0}, {MoveLoc: 0}, 'Ret']),
  ],
  ['MOVELOC_UNAVAILABLE_ERROR', 'a local moved twice', code('add', {MoveLoc: 0}, {MoveLoc: 0}, 'Add', 'Ret')],
  [
    'COPYLOC_UNAVAILABLE_ERROR',
    'a local copied that was moved',
    code('add', {MoveLoc: 0}, {CopyLoc: 0}, 'Add', 'Ret'),
  ],
  [
    'BORROWLOC_UNAVAILABLE_ERROR',
    'a local borrowed that was moved',
    code('add', {MoveLoc: 0}, {ImmBorrowLoc: 0}, 'ReadRef', 'Add', 'Ret'),
  ],
  [
    'COPYLOC_UNAVAILABLE_ERROR',
    'a local with a value on one way only',
    locals(
      'flip',
      ['U64'],
      code('flip', {CopyLoc: 0}, {BrFalse: 4}, u64, {StLoc: 1}, {CopyLoc: 1}, 'Pop', {CopyLoc: 0}, 'Ret'),
    ),
  ],
  ['UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP', 'what may not be dropped left', code('cool', u64, 'Ret')],
]
