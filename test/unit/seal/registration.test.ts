import assert from 'node:assert/strict'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {canonicalJson} from '../../../src/lib/seal/canonical-json.ts'
import {
  createNonce,
  registrationBodySchema,
  registrationMessage,
  signRegistration,
  verifyRegistration,
} from '../../../src/lib/seal/registration.ts'
import type {RegistrationBody} from '../../../src/lib/seal/registration.ts'

function bodyOf(address: string): RegistrationBody {
  const id = `0x${'a'.repeat(64)}`
  return {
    version: 1,
    cluster: id,
    seal: id,
    stake: id,
    nodeName: 'worker-1',
    address,
    tokenHash: 'b'.repeat(64),
    labels: {'daas.io/zone': 'a'},
    timestampMs: 1_700_000_000_000,
    nonce: createNonce(),
  }
}

describe('registration', () => {
  it('is signed and verified', async () => {
    const signer = new Ed25519Keypair()
    const body = bodyOf(signer.toSuiAddress())
    await verifyRegistration(body, await signRegistration(signer, body))
  })

  it('is refused when any of its fields changed or another key signed', async () => {
    const signer = new Ed25519Keypair()
    const body = bodyOf(signer.toSuiAddress())
    const signature = await signRegistration(signer, body)
    const changes: Partial<RegistrationBody>[] = [
      {nodeName: 'worker-2'},
      {labels: {}},
      {timestampMs: body.timestampMs + 1},
      {tokenHash: 'c'.repeat(64)},
      {address: new Ed25519Keypair().toSuiAddress()},
    ]
    for (const change of changes) {
      await assert.rejects(verifyRegistration({...body, ...change}, signature), {code: 'DAAS-T105'})
    }
    await assert.rejects(verifyRegistration(body, 'not a signature'), {code: 'DAAS-T105'})
  })

  it('has the same bytes whatever the order of its fields', () => {
    const body = bodyOf(`0x${'c'.repeat(64)}`)
    const reversed = Object.fromEntries(Object.entries(body).reverse()) as RegistrationBody
    assert.deepEqual(registrationMessage(reversed), registrationMessage(body))
    assert.equal(
      canonicalJson({b: [1, null, 'x"'], a: undefined, A: {z: true, y: 2}}),
      '{"A":{"y":2,"z":true},"b":[1,null,"x\\""]}',
    )
  })

  it('takes DNS labels as node names and nothing else', () => {
    const body = bodyOf(`0x${'c'.repeat(64)}`)
    for (const nodeName of ['a', 'w-1', 'a'.repeat(63)]) {
      assert.equal(registrationBodySchema.safeParse({...body, nodeName}).success, true)
    }
    for (const nodeName of ['', '-a', 'a-', 'A', 'a.b', 'a'.repeat(64), 'a\n']) {
      assert.equal(registrationBodySchema.safeParse({...body, nodeName}).success, false, nodeName)
    }
    assert.equal(registrationBodySchema.safeParse({...body, extra: 1}).success, false)
  })
})
