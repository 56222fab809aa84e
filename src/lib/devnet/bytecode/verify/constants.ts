import {VmError} from '../../vm/api.ts'
import {ByteReader} from '../../vm/bytes.ts'
import {byteVectorCodec, primitiveCodecs, vectorCodec, type Codec} from '../../vm/codec.ts'
import {primitive} from '../../vm/types.ts'
import type {RawToken} from '../module.ts'
import {refuse} from './refusal.ts'
import type {ModuleView} from './view.ts'

/** Constants are of primitive types and vectors of them, and their bytes are one value of the type. */
export function checkConstants({raw}: ModuleView): void {
  for (const {type_: token, data} of raw.constant_pool) {
    const codec = codecOf(token)
    const reader = new ByteReader(Uint8Array.from(data))
    readValue(codec, reader)
    if (reader.left > 0) refuse('MALFORMED_CONSTANT_DATA', 'a constant has bytes left over')
  }
}

function readValue(codec: Codec, reader: ByteReader): void {
  try {
    codec.read(reader)
  } catch (error) {
    if (!(error instanceof VmError)) throw error
    refuse('MALFORMED_CONSTANT_DATA', error.message)
  }
}

function codecOf(token: RawToken): Codec {
  if (typeof token === 'object') {
    if (!('Vector' in token)) return refuse('INVALID_CONSTANT_TYPE', 'a constant of such a type')
    return token.Vector === 'U8' ? byteVectorCodec : vectorCodec(codecOf(token.Vector))
  }
  if (token === 'Signer') return refuse('INVALID_CONSTANT_TYPE', 'a signer as a constant')
  return primitiveCodecs[primitive[token.toLowerCase() as Lowercase<Exclude<RawToken, object>>].kind]
}
