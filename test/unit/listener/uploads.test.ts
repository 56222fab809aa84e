import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {Readable} from 'node:stream'
import type {IncomingMessage} from 'node:http'
import type {ListenerSeal} from '../../../src/lib/listener/chain-port.ts'
import {createUploads} from '../../../src/lib/listener/uploads.ts'
import {MAX_UPLOAD_BYTES, referencedHash, referenceTo} from '../../../src/lib/seal/envelope-reference.ts'
import {createSealToken, hashSealToken} from '../../../src/lib/seal/token.ts'

const NOW = 1_000_000
const ID = `0x${'a'.repeat(64)}`
const token = createSealToken()
const bytes = randomBytes(1000)
const hash = createHash('sha256').update(bytes).digest('hex')

function rig(change: Partial<ListenerSeal> = {}) {
  const kept = new Map<string, Uint8Array>()
  const seal: ListenerSeal = {
    id: ID,
    cluster: '0xc',
    owner: '0x1',
    stake: '0x2',
    kind: 'user',
    tokenHash: hashSealToken(token),
    expiresAtMs: NOW + 1,
    revoked: false,
    ...change,
  }
  const uploads = createUploads({
    blobs: {
      put: async (of, content) => {
        kept.set(of, content)
        return '/v1/blobs/x'
      },
    },
    chain: {readSeal: async (id) => (id === ID ? seal : undefined)},
    clusterId: '0xc',
    clock: () => NOW,
    signal: new AbortController().signal,
  })
  const take = (content: Uint8Array, headers: Record<string, string> = {}, as = token, named = hash) => {
    const request = Object.assign(Readable.from([Buffer.from(content)]), {
      headers: {'content-length': String(content.length), 'x-seal': ID, ...headers},
    })
    return uploads.take(request as unknown as IncomingMessage, named, as)
  }

  return {kept, take}
}

describe('uploads to the listener', () => {
  it('are kept for their seal', async () => {
    const {kept, take} = rig()
    assert.equal(await take(bytes), '/v1/blobs/x')
    assert.deepEqual([...kept], [[ID, new Uint8Array(bytes)]])
  })

  const refusals: [string, () => Promise<unknown>, string][] = [
    ['another token', () => rig().take(bytes, {}, createSealToken()), 'DAAS-L302'],
    ['no seal', () => rig().take(bytes, {'x-seal': 'all'}), 'DAAS-L411'],
    ['an unknown seal', () => rig().take(bytes, {'x-seal': `0x${'b'.repeat(64)}`}), 'DAAS-L302'],
    ['the seal of another cluster', () => rig({cluster: '0xd'}).take(bytes), 'DAAS-L411'],
    ['a revoked seal', () => rig({revoked: true}).take(bytes), 'DAAS-L411'],
    ['an expired seal', () => rig({expiresAtMs: NOW}).take(bytes), 'DAAS-L411'],
    ['other bytes than announced', () => rig().take(randomBytes(10)), 'DAAS-L411'],
    [
      'too many bytes',
      () => rig().take(bytes, {'content-length': String(MAX_UPLOAD_BYTES + 1)}),
      'DAAS-L412',
    ],
    [
      'more bytes than announced',
      () => rig().take(randomBytes(MAX_UPLOAD_BYTES + 1), {'content-length': '1'}),
      'DAAS-L412',
    ],
    ['no length', () => rig().take(bytes, {'content-length': 'x'}), 'DAAS-L412'],
  ]
  for (const [what, act, code] of refusals) {
    it(`are refused for ${what}: ${code}`, async () => assert.rejects(act(), {code}))
  }

  it('are read a few at a time', async () => {
    const {take} = rig()
    const results = await Promise.allSettled(Array.from({length: 20}, () => take(bytes)))
    const refused = results.filter(({status}) => status === 'rejected')
    assert.equal(refused.length, 4)
    assert.equal(await take(bytes), '/v1/blobs/x')
  })
})

describe('a reference to an envelope', () => {
  it('is told from an envelope', () => {
    const reference = referenceTo(Buffer.from(hash, 'hex'))
    assert.equal(referencedHash(reference), hash)
    assert.equal(referencedHash(randomBytes(34)), undefined)
    assert.equal(referencedHash(Uint8Array.of(1, ...randomBytes(32))), undefined)
  })
})
