import assert from 'node:assert/strict'
import {decodeProtobuf} from '../../../../../src/lib/devnet/kube/embedded/protobuf.ts'

/** A length-delimited field. */
function field(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value)
  assert.ok(number < 16 && bytes.length < 128)
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
}
const varint = (number: number, value: number): Buffer => Buffer.from([number << 3, value])
const message = (...fields: Buffer[]): Buffer => Buffer.concat(fields)
const envelope = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
  message(Buffer.from('k8s\0'), field(1, message(field(1, apiVersion), field(2, kind))), field(2, raw))

describe('devnet/kube/embedded/protobuf', () => {
  it('decodes maps, bytes, times and lists, and drops what Go writes without being asked', () => {
    const metadata = message(
      field(1, 'cm'),
      field(2, ''),
      field(3, 'ns'),
      varint(7, 0),
      field(8, ''),
      field(14, 'f'),
    )
    const raw = message(
      field(1, metadata),
      field(2, message(field(1, 'key'), field(2, 'value'))),
      field(2, message(field(1, 'empty'), field(2, ''))),
      field(3, message(field(1, 'bin'), field(2, Buffer.from([0xff])))),
    )
    assert.deepEqual(decodeProtobuf(envelope('v1', 'ConfigMap', raw)), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'cm', namespace: 'ns', finalizers: ['f']},
      data: {key: 'value', empty: ''},
      binaryData: {bin: '/w=='},
    })
  })

  it('keeps a grace period of zero, which means now', () => {
    const options = decodeProtobuf(
      envelope('v1', 'DeleteOptions', message(varint(1, 0), field(4, 'Background'))),
    )
    assert.deepEqual([options['gracePeriodSeconds'], options['propagationPolicy']], [0, 'Background'])
  })

  it('refuses by name what it does not know, and what is cut short', () => {
    assert.throws(() => decodeProtobuf(envelope('v1', 'Nonsense', Buffer.alloc(0))), {code: 415})
    assert.throws(() => decodeProtobuf(envelope('v1', 'ConfigMap', field(9, 'x'))), {
      code: 415,
      message: /field 9 of core.ConfigMap/,
    })
    const whole = envelope('v1', 'ConfigMap', field(1, field(1, 'name')))
    assert.throws(() => decodeProtobuf(whole.subarray(0, whole.length - 2)), {code: 400})
    assert.throws(() => decodeProtobuf(Buffer.from('{}')), {code: 400})
  })
})
