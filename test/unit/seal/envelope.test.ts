import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {gzipSync} from 'node:zlib'
import {chunk, CHUNK_BYTES, joinChunks} from '../../../src/lib/seal/chunks.ts'
import {openRequest, sealRequest} from '../../../src/lib/seal/envelope.ts'
import {createHpkeKeyPair, hpkeOpen, hpkeSeal} from '../../../src/lib/seal/hpke.ts'
import {decodeResponse, encodeResponse} from '../../../src/lib/seal/kube-message.ts'

const aad = {
  requestId: new Uint8Array(16).fill(7),
  cluster: `0x${'1'.repeat(64)}`,
  seal: `0x${'2'.repeat(64)}`,
}
const request = {
  method: 'POST',
  path: '/api/v1/namespaces/default/configmaps?fieldManager=kubectl',
  headers: {'content-type': 'application/json', accept: 'application/json'},
  body: Uint8Array.from(randomBytes(50_000)),
}

describe('envelope', () => {
  it('carries a request there and its answer back, byte for byte', async () => {
    const {publicKey, privateKey} = await createHpkeKeyPair()
    const sealed = await sealRequest({listenerPublicKey: publicKey, aad, request})
    const opened = await openRequest({listenerPrivateKey: privateKey, aad, envelope: sealed.envelope})
    assert.deepEqual(opened.request, request)
    const response = {
      status: 201,
      headers: {'content-type': 'application/json'},
      body: Uint8Array.of(0, 255, 1),
    }
    assert.deepEqual(await sealed.openResponse(await opened.sealResponse(response)), response)
  })

  it('shows nothing of the request', async () => {
    const {publicKey} = await createHpkeKeyPair()
    const secret = 'canary-of-the-envelope'
    const sealed = await sealRequest({
      listenerPublicKey: publicKey,
      aad,
      request: {...request, body: new TextEncoder().encode(secret)},
    })
    assert.equal(Buffer.from(sealed.envelope).includes(secret), false)
    assert.equal(Buffer.from(sealed.envelope).includes('configmaps'), false)
  })

  it('does not open when a bit has changed, anywhere', async () => {
    const {publicKey, privateKey} = await createHpkeKeyPair()
    const {envelope} = await sealRequest({
      listenerPublicKey: publicKey,
      aad,
      request: {...request, body: new Uint8Array()},
    })
    for (const at of [0, 1, 32, 33, envelope.length - 17, envelope.length - 1]) {
      const changed = Uint8Array.from(envelope)
      changed[at]! ^= 1
      await assert.rejects(openRequest({listenerPrivateKey: privateKey, aad, envelope: changed}), {
        code: 'DAAS-T104',
      })
    }
    for (const bytes of [new Uint8Array(), Uint8Array.of(1), envelope.subarray(0, 40)]) {
      await assert.rejects(openRequest({listenerPrivateKey: privateKey, aad, envelope: bytes}), {
        code: 'DAAS-T104',
      })
    }
  })

  it('does not open elsewhere: other request, cluster, seal or key', async () => {
    const {publicKey, privateKey} = await createHpkeKeyPair()
    const {envelope} = await sealRequest({listenerPublicKey: publicKey, aad, request})
    const other = `0x${'3'.repeat(64)}`
    for (const moved of [
      {...aad, requestId: randomBytes(16)},
      {...aad, cluster: other},
      {...aad, seal: other},
    ]) {
      await assert.rejects(openRequest({listenerPrivateKey: privateKey, aad: moved, envelope}), {
        code: 'DAAS-T104',
      })
    }
    const stranger = await createHpkeKeyPair()
    await assert.rejects(openRequest({listenerPrivateKey: stranger.privateKey, aad, envelope}), {
      code: 'DAAS-T104',
    })
  })

  it('takes no answer to another request', async () => {
    const {publicKey, privateKey} = await createHpkeKeyPair()
    const one = await sealRequest({listenerPublicKey: publicKey, aad, request})
    const two = await sealRequest({listenerPublicKey: publicKey, aad, request})
    const opened = await openRequest({listenerPrivateKey: privateKey, aad, envelope: two.envelope})
    const answer = await opened.sealResponse({status: 200, headers: {}, body: new Uint8Array()})
    await assert.rejects(one.openResponse(answer), {code: 'DAAS-T104'})
  })

  it('takes no answer that was sealed as a request: the direction is bound', async () => {
    const {publicKey, privateKey} = await createHpkeKeyPair()
    const sealed = await sealRequest({listenerPublicKey: publicKey, aad, request})
    // As the listener: the requester's key is the first that lies in the envelope.
    const info = new TextEncoder().encode('daas.envelope.v1')
    const bound = (direction: string): Uint8Array =>
      new TextEncoder().encode(
        ['daas.envelope.v1', direction, '07'.repeat(16), aad.cluster, aad.seal].join('\n'),
      )
    const plain = await hpkeOpen(privateKey, info, bound('request'), sealed.envelope.subarray(1))
    const answer = {status: 200, headers: {}, body: Uint8Array.of(1)}
    const sealAs = async (direction: string): Promise<Uint8Array> => {
      const packed = gzipSync(encodeResponse(answer))
      return Buffer.concat([
        Uint8Array.of(1),
        await hpkeSeal(plain.slice(0, 32), info, bound(direction), packed),
      ])
    }

    assert.deepEqual(await sealed.openResponse(await sealAs('response')), answer)
    await assert.rejects(sealed.openResponse(await sealAs('request')), {code: 'DAAS-T104'})
  })

  it('keeps every status code', () => {
    for (let status = 200; status < 600; status += 1) {
      const response = {status, headers: {a: '\u00ff"\\'}, body: Uint8Array.of(status & 255)}
      assert.deepEqual(decodeResponse(encodeResponse(response)), response)
    }
  })

  it('is cut into chunks and put together again', () => {
    for (const size of [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 5 * CHUNK_BYTES - 1]) {
      const bytes = Uint8Array.from(randomBytes(size))
      const chunks = chunk(bytes)
      assert.equal(chunks.length, Math.ceil(size / CHUNK_BYTES))
      assert.deepEqual(joinChunks(chunks), bytes)
      assert.deepEqual(joinChunks(chunks.map((part) => [...part])), bytes)
    }
  })
})
