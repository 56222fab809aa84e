import assert from 'node:assert/strict'
import {p256} from '@noble/curves/nist.js'
import {secp256k1} from '@noble/curves/secp256k1.js'
import {hmac} from '@noble/hashes/hmac.js'
import {sha256} from '@noble/hashes/sha2.js'
import {keccak_256, sha3_256} from '@noble/hashes/sha3.js'
import type {Value} from '../../../../src/lib/devnet/vm/api.ts'
import {bytesValue} from '../../../../src/lib/devnet/vm/types.ts'
import {rigOf, vec, type Rig} from './harness.ts'

const SOURCES = {
  k1: `module sui::ecdsa_k1;
public native fun secp256k1_ecrecover(s: &vector<u8>, m: &vector<u8>, h: u8): vector<u8>;
public native fun decompress_pubkey(k: &vector<u8>): vector<u8>;
public native fun secp256k1_verify(s: &vector<u8>, k: &vector<u8>, m: &vector<u8>, h: u8): bool;`,
  r1: `module sui::ecdsa_r1;
public native fun secp256r1_ecrecover(s: &vector<u8>, m: &vector<u8>, h: u8): vector<u8>;
public native fun secp256r1_verify(s: &vector<u8>, k: &vector<u8>, m: &vector<u8>, h: u8): bool;`,
  hmac: 'module sui::hmac; public native fun hmac_sha3_256(k: &vector<u8>, m: &vector<u8>): vector<u8>;',
  m: `module t::m;
use sui::ecdsa_k1 as k1;
use sui::ecdsa_r1 as r1;
public fun verify_k1(s: vector<u8>, k: vector<u8>, m: vector<u8>, h: u8): bool { k1::secp256k1_verify(&s, &k, &m, h) }
public fun recover_k1(s: vector<u8>, m: vector<u8>, h: u8): vector<u8> { k1::secp256k1_ecrecover(&s, &m, h) }
public fun decompress(k: vector<u8>): vector<u8> { k1::decompress_pubkey(&k) }
public fun verify_r1(s: vector<u8>, k: vector<u8>, m: vector<u8>, h: u8): bool { r1::secp256r1_verify(&s, &k, &m, h) }
public fun recover_r1(s: vector<u8>, m: vector<u8>, h: u8): vector<u8> { r1::secp256r1_ecrecover(&s, &m, h) }
public fun mac(k: vector<u8>, m: vector<u8>): vector<u8> { sui::hmac::hmac_sha3_256(&k, &m) }`,
}

describe('vm: signatures', () => {
  let rig: Rig
  const message = new TextEncoder().encode('a message')
  const text = bytesValue(message)
  before(async () => {
    rig = await rigOf(SOURCES)
  })

  for (const [name, curve] of [
    ['k1', secp256k1],
    ['r1', p256],
  ] as const) {
    it(`verifies and recovers ecdsa over ${name}`, () => {
      const secret = curve.utils.randomSecretKey()
      const key = bytesValue(curve.getPublicKey(secret, true))
      for (const [hash, digest] of [
        [0, keccak_256(message)],
        [1, sha256(message)],
      ] as const) {
        const recovered = curve.sign(digest, secret, {prehash: false, lowS: true, format: 'recovered'})
        const plain = bytesValue(recovered.slice(1))
        const withRecovery = bytesValue(Uint8Array.from([...recovered.slice(1), recovered[0]!]))
        const run = (...args: Value[]) => rig.run(`verify_${name}`, args)[0]
        assert.equal(run(plain, key, text, hash), true)
        assert.equal(run(plain, key, vec(1), hash), false)
        assert.equal(run(plain, key, text, 1 - hash), false)
        assert.equal(run(plain, key, text, 2), false)
        assert.equal(run(vec(1), key, text, hash), false)
        assert.equal(run(plain, vec(1), text, hash), false)
        assert.deepEqual(rig.run(`recover_${name}`, [withRecovery, text, hash]), [key])
      }
      assert.equal(rig.outcome(`recover_${name}`, [vec(1), text, 1]), 'abort 1')
    })
  }

  it('decompresses keys', () => {
    const secret = secp256k1.utils.randomSecretKey()
    const key = bytesValue(secp256k1.getPublicKey(secret, true))
    assert.deepEqual(rig.run('decompress', [key]), [bytesValue(secp256k1.getPublicKey(secret, false))])
    assert.equal(rig.outcome('decompress', [vec(2, 3)]), 'abort 2')
  })

  it('authenticates with hmac', () => {
    const key = new TextEncoder().encode('key')
    assert.deepEqual(rig.run('mac', [bytesValue(key), text]), [bytesValue(hmac(sha3_256, key, message))])
  })
})
