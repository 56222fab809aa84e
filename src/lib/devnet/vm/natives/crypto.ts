/** Natives of 0x2 that hash and check signatures. Malformed input is a false answer or an abort, never a failure. */
import {ed25519} from '@noble/curves/ed25519.js'
import {p256} from '@noble/curves/nist.js'
import {secp256k1} from '@noble/curves/secp256k1.js'
import {blake2b256} from '../blake2b.ts'
import {hmac} from '@noble/hashes/hmac.js'
import {sha256} from '@noble/hashes/sha2.js'
import {keccak_256, sha3_256} from '@noble/hashes/sha3.js'
import {SIGNATURE_UNITS} from '../gas-table.ts'
import {abort, bytesOf, result, type Native, type NativeModules} from './native.ts'

/** Abort codes of sui::ecdsa_k1 and sui::ecdsa_r1. */
const FAILED_TO_RECOVER = 0
const INVALID_SIGNATURE = 1
const INVALID_PUBLIC_KEY = 2

type Curve = typeof secp256k1 | typeof p256

/** False where the library throws on malformed input. */
function holds(check: () => boolean): boolean {
  try {
    return check()
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

/** The digest that is signed: 0 keccak256, 1 sha256; undefined for another number. */
function digestOf(message: Uint8Array, hash: unknown): Uint8Array | undefined {
  if (hash === 0) return keccak_256(message)
  return hash === 1 ? sha256(message) : undefined
}

const verify =
  (curve: Curve, hashes: readonly number[]): Native =>
  (context, [signature, publicKey, message, hash]) => {
    context.charge(SIGNATURE_UNITS)
    const sig = bytesOf(context, signature)
    const key = bytesOf(context, publicKey)
    const text = bytesOf(context, message)
    const digest = hashes.includes(hash as number) ? digestOf(text, hash) : undefined
    if (digest === undefined || sig.length !== 64 || key.length !== 33) return false
    return holds(() => curve.verify(sig, digest, key, {prehash: false, lowS: true}))
  }

const recover =
  (curve: Curve): Native =>
  (context, [signature, message, hash]) => {
    context.charge(SIGNATURE_UNITS)
    const sig = bytesOf(context, signature)
    const digest = digestOf(bytesOf(context, message), hash)
    if (digest === undefined) abort(FAILED_TO_RECOVER)
    const recovery = sig[64]
    if (sig.length !== 65 || recovery === undefined || recovery > 3) abort(INVALID_SIGNATURE)
    let key: Uint8Array | undefined
    if (
      !holds(() => {
        const parsed = curve.Signature.fromBytes(sig.subarray(0, 64), 'compact').addRecoveryBit(recovery)
        key = parsed.recoverPublicKey(digest).toBytes(true)
        return true
      })
    ) {
      abort(FAILED_TO_RECOVER)
    }
    return result(key!)
  }

const decompress: Native = (context, [publicKey]) => {
  context.charge(SIGNATURE_UNITS)
  const key = bytesOf(context, publicKey)
  let uncompressed: Uint8Array | undefined
  const valid = holds(() => {
    uncompressed = secp256k1.Point.fromBytes(key).toBytes(false)
    return key.length === 33
  })
  return valid ? result(uncompressed!) : abort(INVALID_PUBLIC_KEY)
}

/** Hashes, ed25519, ecdsa, hmac. */
export const cryptoNatives: NativeModules = {
  hash: {
    blake2b256: (context, [bytes]) => result(blake2b256(bytesOf(context, bytes))),
    keccak256: (context, [bytes]) => result(keccak_256(bytesOf(context, bytes))),
  },
  ed25519: {
    ed25519_verify: (context, [signature, publicKey, message]) => {
      context.charge(SIGNATURE_UNITS)
      const sig = bytesOf(context, signature)
      const key = bytesOf(context, publicKey)
      const text = bytesOf(context, message)
      return holds(() => ed25519.verify(sig, text, key, {zip215: false}))
    },
  },
  ecdsa_k1: {
    secp256k1_verify: verify(secp256k1, [0, 1]),
    secp256k1_ecrecover: recover(secp256k1),
    decompress_pubkey: decompress,
  },
  ecdsa_r1: {
    secp256r1_verify: verify(p256, [0, 1]),
    secp256r1_ecrecover: recover(p256),
  },
  hmac: {
    hmac_sha3_256: (context, [key, message]) =>
      result(hmac(sha3_256, bytesOf(context, key), bytesOf(context, message))),
  },
}
