import type {LinkedModule} from '../../bytecode/linked-module.ts'
import {entry} from '../../bytecode/module.ts'
import {VmError, type SignatureType, type Value} from '../api.ts'
import {ByteReader} from '../bytes.ts'
import {byteVectorCodec, primitiveCodecs, vectorCodec, type Codec} from '../codec.ts'

/** Type and value of a constant; constants are primitives and vectors of them only. */
export function deserializeConstant(
  module: LinkedModule,
  index: number,
): {type: SignatureType; value: Value} {
  const {type_, data} = entry(module.raw.constant_pool, index)
  const type = module.type(type_)
  return {type, value: codecOf(type).read(new ByteReader(Uint8Array.from(data)))}
}

function codecOf(type: SignatureType): Codec {
  switch (type.kind) {
    case 'vector':
      return type.element.kind === 'u8' ? byteVectorCodec : vectorCodec(codecOf(type.element))
    case 'datatype':
    case 'typeParameter':
    case 'ref':
      throw new VmError('INVARIANT_VIOLATION', `a constant of type ${type.kind}`)
    default:
      return primitiveCodecs[type.kind]
  }
}
