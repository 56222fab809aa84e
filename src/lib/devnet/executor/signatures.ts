/** Signatures of transactions. Ed25519, what nearly everybody uses, by Node's own library: 20 times faster. */
import {createPrivateKey, createPublicKey, sign, verify, type KeyObject} from 'node:crypto'
import {toBase64} from '@mysten/bcs'
import {blake2b256} from '../vm/blake2b.ts'
import {bytesToAddress} from '../vm/bytes.ts'

const ED25519_FLAG = 0
const SIGNATURE_END = 1 + 64
const SERIALIZED_LENGTH = SIGNATURE_END + 32
/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The intent of a transaction of Sui, version 0: scope TransactionData, version V0, app Sui. */
const INTENT = Uint8Array.of(0, 0, 0)

function digestToSign(bytes: Uint8Array): Uint8Array {
  return blake2b256(INTENT, bytes)
}

/** The address of an Ed25519 key: a hash of the scheme's flag and the key. */
function addressOf(publicKey: Uint8Array): string {
  return bytesToAddress(blake2b256(Uint8Array.of(ED25519_FLAG), publicKey))
}

/** Keys that are remembered: reading one costs a fifth of a verification. */
const MOST_KEYS = 4_096

interface KnownKey {
  readonly key: KeyObject
  readonly address: string
}

/** Verifies signatures of transactions; remembers the keys it has seen. */
export class SignatureVerifier {
  readonly #known = new Map<string, KnownKey>()

  /**
   * The address that signed a transaction. Ed25519 is verified on another thread.
   * @param bytes BCS of TransactionData
   * @param signature serialised: flag, signature, public key
   * @throws Error when the signature is not valid
   */
  async signerOf(bytes: Uint8Array, signature: Uint8Array): Promise<string> {
    if (signature[0] !== ED25519_FLAG || signature.length !== SERIALIZED_LENGTH) {
      // Loaded when needed: it brings the tables of zkLogin, a third of the time that a devnet takes to start.
      const {verifyTransactionSignature} = await import('@mysten/sui/verify')
      const key = await verifyTransactionSignature(bytes, toBase64(signature))
      return key.toSuiAddress()
    }
    const {key, address} = this.#key(signature.subarray(SIGNATURE_END))
    const valid = await verifyAsync(digestToSign(bytes), key, signature.subarray(1, SIGNATURE_END))
    if (!valid) throw new Error('Signature is not valid for the provided Transaction')
    return address
  }

  #key(publicKey: Uint8Array): KnownKey {
    const x = Buffer.from(publicKey).toString('base64url')
    let known = this.#known.get(x)
    if (known === undefined) {
      const key = createPublicKey({key: {kty: 'OKP', crv: 'Ed25519', x}, format: 'jwk'})
      known = {key, address: addressOf(publicKey)}
      if (this.#known.size >= MOST_KEYS) this.#known.clear()
      this.#known.set(x, known)
    }
    return known
  }
}

function verifyAsync(digest: Uint8Array, key: KeyObject, signature: Uint8Array): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, digest, key, signature, (error, valid) => (error === null ? resolve(valid) : reject(error)))
  })
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
    this.address = addressOf(this.#publicKey)
  }

  /** The serialised signature of a transaction. */
  sign(bytes: Uint8Array): Uint8Array {
    return Uint8Array.of(ED25519_FLAG, ...sign(null, digestToSign(bytes), this.#key), ...this.#publicKey)
  }
}
