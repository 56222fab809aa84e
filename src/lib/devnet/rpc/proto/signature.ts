import {GrpcTypes as T} from '@mysten/sui/grpc'

const simple: Record<number, {scheme: T.SignatureScheme; keyLength: number}> = {
  0: {scheme: T.SignatureScheme.ED25519, keyLength: 32},
  1: {scheme: T.SignatureScheme.SECP256K1, keyLength: 33},
  2: {scheme: T.SignatureScheme.SECP256R1, keyLength: 33},
}

/** A serialised Sui signature (flag, signature, public key) as the API writes it. */
export function signatureToProto(bytes: Uint8Array): T.UserSignature {
  const flag = bytes[0]
  const known = flag === undefined ? undefined : simple[flag]
  const bcs = {name: 'UserSignature', value: bytes}
  if (known === undefined) {
    return {bcs, ...(flag === undefined ? {} : {scheme: flag}), signature: {oneofKind: undefined}}
  }
  const end = bytes.length - known.keyLength
  return {
    bcs,
    scheme: known.scheme,
    signature: {
      oneofKind: 'simple',
      simple: {scheme: known.scheme, signature: bytes.subarray(1, end), publicKey: bytes.subarray(end)},
    },
  }
}
