import {datatypeOf, functionOf, handleOf, setSignature, signatureOf} from '../editable.ts'
import {fieldsOf, pack, u64, use, type Case} from './changes.ts'

/** Tables and types that are not well made. */
export const TABLES: readonly Case[] = [
  ['DUPLICATE_ELEMENT', 'a name twice', (m) => void m.identifiers.push(m.identifiers[0]!)],
  ['DUPLICATE_ELEMENT', 'a signature twice', (m) => void m.signatures.push(m.signatures[0]!)],
  ['DUPLICATE_ELEMENT', 'a constant twice', (m) => void m.constant_pool.push(m.constant_pool[0]!)],
  [
    'DUPLICATE_ELEMENT',
    'a function handle twice',
    (m) => void m.function_handles.push(m.function_handles[0]!),
  ],
  ['DUPLICATE_ELEMENT', 'a function defined twice', (m) => void m.function_defs.push(m.function_defs[0]!)],
  [
    'DUPLICATE_ELEMENT',
    'two fields of one name',
    (m) => {
      const fields = fieldsOf(m, 'Pair')
      fields[1]!.name = fields[0]!.name
    },
  ],
  ['ZERO_SIZED_STRUCT', 'a struct without fields', (m) => void fieldsOf(m, 'Hot').splice(0)],
  [
    'UNIMPLEMENTED_HANDLE',
    'a function that is not defined',
    (m) => {
      const family = functionOf(m, 'family')
      m.function_defs.splice(m.function_defs.indexOf(family), 1)
    },
  ],
  [
    'INVALID_MODULE_HANDLE',
    'a definition of a function of another module',
    (m) => {
      const other = m.function_handles.findIndex((handle) => handle.module !== m.self_module_handle_idx)
      m.function_defs.push({...functionOf(m, 'family'), function: other})
    },
  ],
  [
    'EXTRANEOUS_ACQUIRES_ANNOTATION',
    'acquires',
    (m) => void functionOf(m, 'family').acquires_global_resources.push(0),
  ],
  [
    'INVALID_SIGNATURE_TOKEN',
    'a vector of references',
    (m) => void m.signatures.push([{Vector: {Reference: 'U8'}}]),
  ],
  [
    'INVALID_SIGNATURE_TOKEN',
    'a reference as a field',
    (m) => void (fieldsOf(m, 'Hot')[0]!.signature = {Reference: 'U64'}),
  ],
  [
    'INVALID_SIGNATURE_TOKEN',
    'a reference as a type argument',
    (m) => void (m.function_instantiations[0]!.type_parameters = signatureOf(m, [{Reference: 'U64'}])),
  ],
  [
    'CONSTRAINT_NOT_SATISFIED',
    'a type argument without the ability that is asked for',
    (m) =>
      setSignature(
        m,
        'family',
        [{DatatypeInstantiation: [datatypeOf(m, 'Box'), [{Datatype: datatypeOf(m, 'Hot')}]]}],
        [],
      ),
  ],
  [
    'CONSTRAINT_NOT_SATISFIED',
    'a call with such a type argument',
    (m) => {
      const handle = handleOf(m, 'boxed')
      const hot = signatureOf(m, [{Datatype: datatypeOf(m, 'Hot')}])
      m.function_instantiations.find((each) => each.handle === handle)!.type_parameters = hot
    },
  ],
  [
    'INVALID_PHANTOM_TYPE_PARAM_POSITION',
    'a phantom type parameter as a field',
    (m) => void (fieldsOf(m, 'Both')[0]!.signature = {TypeParameter: 0}),
  ],
  [
    'FIELD_MISSING_TYPE_ABILITY',
    'a field without the abilities of its struct',
    (m) => void (fieldsOf(m, 'Plain')[0]!.signature = {Datatype: datatypeOf(m, 'Hot')}),
  ],
  [
    'RECURSIVE_STRUCT_DEFINITION',
    'a struct in itself',
    (m) => void (fieldsOf(m, 'Hot')[0]!.signature = {Vector: {Datatype: datatypeOf(m, 'Hot')}}),
  ],
  [
    'RECURSIVE_ENUM_DEFINITION',
    'an enum in itself',
    (m) => void (m.enum_defs[0]!.variants[1]!.fields[0]!.signature = {Datatype: m.enum_defs[0]!.enum_handle}),
  ],
  [
    'LOOP_IN_INSTANTIATION_GRAPH',
    'calls with ever bigger types',
    (m) => {
      const pong = handleOf(m, 'pong')
      const bigger = signatureOf(m, [{Vector: {TypeParameter: 0}}])
      for (const each of m.function_instantiations) if (each.handle === pong) each.type_parameters = bigger
    },
  ],
  [
    'GENERIC_MEMBER_OPCODE_MISMATCH',
    'a generic called as one that is not',
    use('uses', (m) => [{Call: handleOf(m, 'ping')}, u64, 'Ret']),
  ],
  [
    'GENERIC_MEMBER_OPCODE_MISMATCH',
    'a generic packed as one that is not',
    use('uses', (m) => [u64, pack(m, 'Box'), 'Pop', u64, 'Ret']),
  ],
  ['MALFORMED_CONSTANT_DATA', 'a constant cut off', (m) => void m.constant_pool[0]!.data.pop()],
  [
    'MALFORMED_CONSTANT_DATA',
    'a constant with bytes left over',
    (m) => void m.constant_pool[0]!.data.push(0),
  ],
  [
    'INVALID_CONSTANT_TYPE',
    'a constant that is a struct',
    (m) => void (m.constant_pool[0]!.type_ = {Datatype: datatypeOf(m, 'Plain')}),
  ],
  [
    'INVALID_FRIEND_DECL_WITH_SELF',
    'a module that is its own friend',
    (m) => void m.friend_decls.push(m.module_handles[m.self_module_handle_idx]!),
  ],
  [
    'INVALID_FRIEND_DECL_WITH_MODULES_OUTSIDE_ACCOUNT_ADDRESS',
    'a friend in another package',
    (m) => {
      const own = m.module_handles[m.self_module_handle_idx]!.address
      m.friend_decls.push(m.module_handles.find(({address}) => address !== own)!)
    },
  ],
]
