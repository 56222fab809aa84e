import {type GrpcTypes as T} from '@mysten/sui/grpc'
import {invalidField} from './status.ts'

/** What the pruner needs of the reflection of a field. */
interface Field {
  readonly name: string
  readonly localName: string
  readonly kind: string
  readonly oneof?: string | undefined
  readonly repeat?: number
  readonly T?: unknown
}

/** A message type with its reflection, as the SDK generates them. */
export interface MaskedType<Message extends object> {
  readonly typeName: string
  readonly fields: readonly object[]
  create(): Message
}

/** `true`: the whole message; else the wanted fields by their proto name. */
type Tree = true | Map<string, Tree>

/** A `google.protobuf.FieldMask` bound to a message type. */
export interface ReadMask<Message extends object> {
  /** Is this path, or something in it, wanted? `effects.status` */
  wants(path: string): boolean
  /** The message with the wanted fields only. The given one is left as it is. */
  prune(message: Message): Message
}

/**
 * Binds a mask to a type: checks its paths, then prunes by reflection. A parent wins over its children, `*` is all.
 * @param mask as the client sent it; undefined: the default. One without paths wants nothing
 * @throws RpcFailure INVALID_ARGUMENT for a path that the type does not have
 */
export function readMask<Message extends object>(
  type: MaskedType<Message>,
  mask: T.ListOwnedObjectsRequest['readMask'],
  fallback: string,
): ReadMask<Message> {
  const paths = mask === undefined ? fallback.split(',') : mask.paths
  let tree: Tree = new Map()
  for (const path of paths) tree = add(tree, type as MaskedType<object>, path, path.split('.'))
  return {
    wants: (path) => wants(tree, path.split('.')),
    prune: (message) => prune(tree, type as MaskedType<object>, message) as Message,
  }
}

function add(tree: Tree, type: MaskedType<object>, whole: string, steps: readonly string[]): Tree {
  const [step, ...rest] = steps
  if (step === '*' && rest.length === 0) return true
  const field = (type.fields as readonly Field[]).find((candidate) => candidate.name === step)
  if (field === undefined) throw invalidField('read_mask', `invalid read_mask path: ${whole}`)
  if (rest.length > 0 && field.kind !== 'message')
    throw invalidField('read_mask', `invalid read_mask path: ${whole}`)
  const inner = rest.length === 0 ? undefined : typeOf(field)
  if (tree === true) {
    if (inner !== undefined) add(new Map(), inner, whole, rest)
    return true
  }
  const below = tree.get(field.name) ?? new Map<string, Tree>()
  tree.set(field.name, inner === undefined ? true : add(below, inner, whole, rest))
  return tree
}

function wants(tree: Tree, steps: readonly string[]): boolean {
  if (tree === true) return true
  const [step, ...rest] = steps
  if (step === undefined) return true
  const below = tree.get(step)
  return below !== undefined && wants(below, rest)
}

function prune(tree: Tree, type: MaskedType<object>, message: object): object {
  if (tree === true) return message
  const from = message as Record<string, unknown>
  const to = type.create() as Record<string, unknown>
  for (const field of type.fields as readonly Field[]) {
    const below = tree.get(field.name)
    if (below === undefined) continue
    if (field.oneof === undefined) {
      to[field.localName] = pruneValue(below, field, from[field.localName])
      continue
    }
    const group = from[field.oneof] as {oneofKind?: string} & Record<string, unknown>
    if (group.oneofKind !== field.localName) continue
    to[field.oneof] = {
      oneofKind: field.localName,
      [field.localName]: pruneValue(below, field, group[field.localName]),
    }
  }
  return to
}

function pruneValue(tree: Tree, field: Field, value: unknown): unknown {
  if (tree === true || value === undefined || field.kind !== 'message') return value
  const type = typeOf(field)
  if (Array.isArray(value)) return value.map((item: object) => prune(tree, type, item))
  return prune(tree, type, value as object)
}

function typeOf(field: Field): MaskedType<object> {
  return (field.T as () => MaskedType<object>)()
}
