import {functionOf, signatureOf} from '../editable.ts'
import {code, many, replace, type Change} from './changes.ts'

/** Indexes that point nowhere: these the crate that reads modules refuses. */
export const BOUNDS: readonly (readonly [what: string, change: Change])[] = [
  ['a local that is not there', code('add', {MoveLoc: 9}, 'Ret')],
  ['a jump behind the code', code('family', {Branch: 9})],
  ['a function that is not there', code('family', {Call: 999}, 'Ret')],
  ['a struct that is not there', code('family', {Pack: 99}, 'Pop', 'Ret')],
  ['a field that is not there', code('family', {ImmBorrowField: 999}, 'Pop', 'Ret')],
  ['a constant that is not there', code('family', {LdConst: 99}, 'Pop', 'Ret')],
  ['a variant that is not there', code('family', {PackVariant: 99}, 'Pop', 'Ret')],
  ['a jump table that is not there', replace('size', 'VariantSwitch', () => [{VariantSwitch: 9}])],
  [
    'a switch without a variant',
    (m) => void functionOf(m, 'size').code!.jump_tables[0]!.jump_table.Full.pop(),
  ],
  ['a signature that is not there', (m) => void (m.function_handles[0]!.return_ = 999)],
  ['a datatype that is not there', (m) => void m.signatures.push([{Datatype: 99}])],
  ['a name that is not there', (m) => void (m.function_handles[0]!.name = 999)],
  ['a module that is not there', (m) => void (m.function_handles[0]!.module = 99)],
  ['more than 255 locals', (m) => void (functionOf(m, 'add').code!.locals = signatureOf(m, many(255, 'U8')))],
]
