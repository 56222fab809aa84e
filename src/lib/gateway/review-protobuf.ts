import type {ReviewSpec} from './access-review.ts'

/** In front of every protobuf body of Kubernetes (k8s.io/apimachinery, runtime/serializer/protobuf). */
const MAGIC = 'k8s\0'
const LENGTH_DELIMITED = 2

/** Field numbers of k8s.io/api/authorization/v1 generated.proto. */
const resourceFields = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'] as const
const plainFields = ['path', 'verb'] as const

/**
 * Reads the spec of a SelfSubjectAccessReview as kubectl 1.32 and later send it: protobuf in a `runtime.Unknown`.
 * @returns undefined where the bytes are something else
 */
export function readReviewProtobuf(body: Uint8Array): ReviewSpec | undefined {
  if (Buffer.from(body.subarray(0, 4)).toString('latin1') !== MAGIC) return undefined
  const review = field(body.subarray(4), 2)
  const spec = review && field(review, 2)
  if (spec === undefined) return undefined
  const resource = field(spec, 1)
  const plain = field(spec, 2)
  return {
    ...(resource && {resourceAttributes: texts(resource, resourceFields)}),
    ...(plain && {nonResourceAttributes: texts(plain, plainFields)}),
  }
}

function texts<Name extends string>(
  message: Uint8Array,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {}
  names.forEach((name, index) => {
    const bytes = field(message, index + 1)
    if (bytes && bytes.length > 0) found[name] = new TextDecoder().decode(bytes)
  })
  return found
}

/** The last length-delimited field of a number; undefined where it is absent or the message is cut short. */
function field(message: Uint8Array, number: number): Uint8Array | undefined {
  let found: Uint8Array | undefined
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; at < message.length; shift += 7) {
      const byte = message[at++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }

    return value
  }

  while (at < message.length) {
    const tag = varint()
    const wire = tag & 7
    const length = wire === LENGTH_DELIMITED ? varint() : 0
    if (at + length > message.length || wire > LENGTH_DELIMITED) return undefined
    if (wire === LENGTH_DELIMITED && tag >>> 3 === number) found = message.subarray(at, at + length)
    if (wire === 0) varint()
    else at += wire === 1 ? 8 : length
  }

  return found
}
