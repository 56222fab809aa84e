import type {RawInstruction, RawToken} from '../../../../../src/lib/devnet/bytecode/module.ts'
import {datatypeOf, functionOf, handleOf, setCode, setSignature, type EditableModule} from '../editable.ts'
import {code, fieldsOf, many, u64, type Case} from './changes.ts'

/** More than Sui allows. */
export const LIMITS: readonly Case[] = [
  [
    'TOO_MANY_PARAMETERS',
    'a function of 129 parameters',
    (m) => setSignature(m, 'family', many(129, 'U8'), []),
  ],
  [
    'TOO_MANY_TYPE_PARAMETERS',
    'a function of 33 type parameters',
    (m) => void (m.function_handles[handleOf(m, 'family')]!.type_parameters = many(33, 0)),
  ],
  [
    'TOO_MANY_TYPE_PARAMETERS',
    'a datatype of 33 type parameters',
    (m) => {
      addStruct(m, many(33, {constraints: 0, is_phantom: true}))
    },
  ],
  [
    'TOO_MANY_TYPE_NODES',
    'a type of 257 nodes',
    (m) => {
      const deep = (depth: number): RawToken => (depth === 0 ? 'U8' : {Vector: deep(depth - 1)})
      m.signatures.push([deep(200)])
      m.signatures.push([
        {
          DatatypeInstantiation: [
            datatypeOf(m, 'Opt'),
            [{DatatypeInstantiation: [datatypeOf(m, 'Opt'), [deep(250)]]}],
          ],
        },
      ] as never)
    },
  ],
  ['IDENTIFIER_TOO_LONG', 'a name of 129 letters', (m) => void m.identifiers.push('a'.repeat(129))],
  [
    'MAX_FIELD_DEFINITIONS_REACHED',
    'a struct of 33 fields',
    (m) => {
      const fields = fieldsOf(m, 'Hot')
      for (let index = 0; index < 32; index++) {
        m.identifiers.push(`f${index}`)
        fields.push({name: m.identifiers.length - 1, signature: 'U8'})
      }
    },
  ],
  [
    'MAX_STRUCT_DEFINITIONS_REACHED',
    '201 datatypes',
    (m) => {
      while (m.struct_defs.length + m.enum_defs.length <= 200) addStruct(m, [])
    },
  ],
  [
    'MAX_FUNCTION_DEFINITIONS_REACHED',
    '1001 functions',
    (m) => {
      const family = functionOf(m, 'family')
      const handle = m.function_handles[family.function]!
      while (m.function_defs.length <= 1000) {
        m.identifiers.push(`g${m.identifiers.length}`)
        m.function_handles.push({...handle, name: m.identifiers.length - 1})
        m.function_defs.push({...family, function: m.function_handles.length - 1})
      }
    },
  ],
  [
    'TOO_MANY_BACK_EDGES',
    'eleven functions that go back a thousand times each',
    (m) => {
      const again = many(1000, ['LdTrue', {BrTrue: 0}] as RawInstruction[]).flat()
      const names = 'fail give rally uses nested touch swapped code bytes home family'.split(' ')
      for (const name of names) {
        setSignature(m, name, [], [])
        setCode(m, name, [...again, 'Ret'])
      }
    },
  ],
  ['DEPRECATED_BYTECODE_FORMAT', 'global storage', code('family', u64, {ExistsDeprecated: 0}, 'Pop', 'Ret')],
  ['LOOP_MAX_DEPTH_REACHED', 'six loops, one in the other', code('family', ...nestedLoops(6), 'Ret')],
  [
    'TOO_MANY_BASIC_BLOCKS',
    '1025 blocks',
    code('family', ...Array.from({length: 1024}, (_, index): RawInstruction => ({Branch: index + 1})), 'Ret'),
  ],
  ['VALUE_STACK_OVERFLOW', '1025 values', code('fail', ...many(1025, u64), ...many(1024, 'Pop'), 'Ret')],
  [
    'VALUE_STACK_PUSH_OVERFLOW',
    '10001 values one after the other',
    code('fail', ...many(10_001, [u64, 'Pop'] as RawInstruction[]).flat(), u64, 'Ret'),
  ],
]

/** Loops around each other; the innermost jumps back to itself first. */
function nestedLoops(depth: number): RawInstruction[] {
  const heads = Array.from({length: depth}, (): RawInstruction => 'Nop')
  const tails = Array.from({length: depth}, (_, index): RawInstruction[] => [
    'LdTrue',
    {BrTrue: depth - 1 - index},
  ])
  return [...heads, ...tails.flat()]
}

/** Adds a struct of one u8. */
function addStruct(
  m: EditableModule,
  parameters: EditableModule['datatype_handles'][number]['type_parameters'],
): void {
  m.identifiers.push(`S${m.identifiers.length}`)
  const name = m.identifiers.length - 1
  m.datatype_handles.push({module: m.self_module_handle_idx, name, abilities: 0, type_parameters: parameters})
  m.struct_defs.push({
    struct_handle: m.datatype_handles.length - 1,
    field_information: {Declared: [{name: 0, signature: 'U8'}]},
  })
}
