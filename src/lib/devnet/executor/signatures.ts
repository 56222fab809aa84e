/** Signatures of transactions. Ed25519, what nearly everybody uses, by Node's own library: 20 times faster. */
import {createPrivateKey, createPublicKey, sign, verify, type KeyObject} from 'node:crypto'
import {toBase64} from '@mysten/bcs'
import {messageWithIntent} from '@mysten/sui/cryptography'
import {Ed25519PublicKey} from '@mysten/sui/keypairs/ed25519'
import {verifyTransactionSignature} from '@mysten/sui/verify'
import {blake2b256} from '../ledger/digest.ts'

const ED25519_FLAG = 0
const SIGNATURE_END = 1 + 64
const SERIALIZED_LENGTH = SIGNATURE_END + 32
/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

function digestToSign(bytes: Uint8Array): Uint8Array {
  return blake2b256(messageWithIntent('TransactionData', bytes))
}

function ed25519Key(publicKey: Uint8Array): KeyObject {
  const x = Buffer.from(publicKey).toString('base64url')
  return createPublicKey({key: {kty: 'OKP', crv: 'Ed25519', x}, format: 'jwk'})
}

/**
 * The address that signed a transaction.
 * @param bytes BCS of TransactionData
 * @param signature serialised: flag, signature, public key
 * @throws Error when the signature is not valid
 */
export async function signerOf(bytes: Uint8Array, signature: Uint8Array): Promise<string> {
  if (signature[0] !== ED25519_FLAG || signature.length !== SERIALIZED_LENGTH) {
    const key = await verifyTransactionSignature(bytes, toBase64(signature))
    return key.toSuiAddress()
  }
  const publicKey = signature.slice(SIGNATURE_END)
  const valid = verify(null, digestToSign(bytes), ed25519Key(publicKey), signature.slice(1, SIGNATURE_END))
  if (!valid) throw new Error('Signature is not valid for the provided Transaction')
  return new Ed25519PublicKey(publicKey).toSuiAddress()
}

/** An Ed25519 key that signs at once, not in a promise. */
export class SyncSigner {
  readonly address: string
  readonly #key: KeyObject
  readonly #publicKey: Uint8Array

  /** @param secret 32 bytes */
  constructor(secret: Uint8Array) {
    this.#key = createPrivateKey({key: Buffer.concat([PKCS8_HEAD, secret]), format: 'der', type: 'pkcs8'})
    const {x} = createPublicKey(this.#key).export({format: 'jwk'})
    this.#publicKey = Buffer.from(x ?? '', 'base64url')
    this.address = new Ed25519PublicKey(this.#publicKey).toSuiAddress()
  }

  /** The serialised signature of a transaction. */
  sign(bytes: Uint8Array): Uint8Array {
    return Uint8Array.of(ED25519_FLAG, ...sign(null, digestToSign(bytes), this.#key), ...this.#publicKey)
  }
}
