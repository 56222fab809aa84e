/** Describes services by what their codecs know of themselves: the files that a `.proto` compiler would have made. */
import type {EnumInfo, FieldInfo} from '@protobuf-ts/runtime'
import type {RpcService} from '../dispatch.ts'
import type {EnumDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor} from './descriptor.ts'

/** Numbers of `FieldDescriptorProto.Type`; those of scalars are the same as in the codecs. */
const MESSAGE = 11
const ENUM = 14
const OPTIONAL = 1
const REPEATED = 3

/** Well-known types lie in files that every client has; all others in one file for each package. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  Any: 'any',
  Duration: 'duration',
  FieldMask: 'field_mask',
  Timestamp: 'timestamp',
  ListValue: 'struct',
  NullValue: 'struct',
  Struct: 'struct',
  Value: 'struct',
}

/** What the codec of a message knows. */
interface MessageInfo {
  readonly typeName: string
  readonly fields: readonly FieldInfo[]
}

/** `sui.rpc.v2.Input.InputKind`: the package is what begins with a small letter. */
function splitName(typeName: string): {pkg: string; path: string[]} {
  const steps = typeName.split('.')
  const at = steps.findIndex((step) => /^[A-Z]/.test(step))
  return {pkg: steps.slice(0, at).join('.'), path: steps.slice(at)}
}

function fileOf(typeName: string): string {
  const {pkg, path} = splitName(typeName)
  const known = pkg === 'google.protobuf' ? WELL_KNOWN[path[0]!] : undefined
  return `${pkg.replaceAll('.', '/')}${known === undefined ? '' : `/${known}`}.proto`
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Gathers what is described, by file. */
class Describer {
  readonly files = new Map<string, FileDescriptor>()
  readonly #messages = new Map<string, MessageDescriptor>()
  readonly #described = new Set<string>()

  service({typeName, methods}: RpcService): void {
    const file = this.#file(typeName)
    const {path} = splitName(typeName)
    file.service.push({
      name: path.join('.'),
      method: methods.map(({name, I, O, clientStreaming, serverStreaming}) => ({
        name,
        inputType: this.#refer(file, I.typeName),
        outputType: this.#refer(file, O.typeName),
        clientStreaming: clientStreaming === true,
        serverStreaming: serverStreaming === true,
      })),
    })
    for (const {I, O} of methods) {
      this.#message(I as unknown as MessageInfo)
      this.#message(O as unknown as MessageInfo)
    }
  }

  #file(typeName: string): FileDescriptor {
    const name = fileOf(typeName)
    let file = this.files.get(name)
    if (file === undefined) {
      const head = {name, package: splitName(typeName).pkg, dependency: [], syntax: 'proto3'}
      file = {...head, messageType: [], enumType: [], service: []}
      this.files.set(name, file)
    }
    return file
  }

  /** The name by which a file refers to a type; what it depends on is noted. */
  #refer(file: FileDescriptor, typeName: string): string {
    const other = fileOf(typeName)
    if (other !== file.name && !file.dependency.includes(other)) file.dependency.push(other)
    return `.${typeName}`
  }

  /** The place of a message; what it lies in is made where nothing has described it yet. */
  #place(typeName: string): MessageDescriptor {
    const known = this.#messages.get(typeName)
    if (known !== undefined) return known
    const {pkg, path} = splitName(typeName)
    const name = path.at(-1)!
    const made: MessageDescriptor = {name, field: [], nestedType: [], enumType: [], oneofDecl: []}
    this.#messages.set(typeName, made)
    if (path.length === 1) this.#file(typeName).messageType.push(made)
    else this.#place([pkg, ...path.slice(0, -1)].join('.')).nestedType.push(made)
    return made
  }

  #message({typeName, fields}: MessageInfo): void {
    if (this.#described.has(typeName)) return
    this.#described.add(typeName)
    const message = this.#place(typeName)
    const oneofs = [...new Set(fields.flatMap(({oneof}) => oneof ?? []))]
    message.oneofDecl.push(...oneofs.map((name) => ({name: snakeCase(name)})))
    for (const field of fields) {
      const described = this.#field(typeName, field)
      if (field.oneof !== undefined) described.oneofIndex = oneofs.indexOf(field.oneof)
      const isOptional = field.oneof === undefined && field.kind !== 'message' && field.opt === true
      if (isOptional && described.label === OPTIONAL) {
        described.proto3Optional = true
        described.oneofIndex = message.oneofDecl.push({name: `_${field.name}`}) - 1
      }
      message.field.push(described)
    }
  }

  #field(parent: string, field: FieldInfo): FieldDescriptor {
    const {no: number, name, jsonName} = field
    const isList = field.kind === 'map' || field.repeat !== 0
    return {name, number, jsonName, label: isList ? REPEATED : OPTIONAL, ...this.#typeOf(parent, field)}
  }

  #typeOf(parent: string, field: FieldInfo): {type: number; typeName?: string} {
    const file = this.#file(parent)
    switch (field.kind) {
      case 'scalar':
        return {type: field.T}
      case 'enum':
        return this.#enum(file, field.T())
      case 'message':
        this.#message(field.T() as unknown as MessageInfo)
        return {type: MESSAGE, typeName: this.#refer(file, field.T().typeName)}
      case 'map':
        return this.#map(parent, field)
    }
  }

  /** A map is a list of entries of a type of its own. */
  #map(parent: string, field: Extract<FieldInfo, {kind: 'map'}>): {type: number; typeName: string} {
    const camel = field.name.replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase())
    const typeName = `${parent}.${camel}Entry`
    const entry = this.#place(typeName)
    const value =
      field.V.kind === 'scalar'
        ? {type: field.V.T}
        : field.V.kind === 'enum'
          ? this.#enum(this.#file(parent), field.V.T())
          : {type: MESSAGE, typeName: this.#refer(this.#file(parent), field.V.T().typeName)}
    if (field.V.kind === 'message') this.#message(field.V.T() as unknown as MessageInfo)
    entry.options = {mapEntry: true}
    entry.field.push(
      {name: 'key', number: 1, label: OPTIONAL, type: field.K, jsonName: 'key'},
      {name: 'value', number: 2, label: OPTIONAL, jsonName: 'value', ...value},
    )
    return {type: MESSAGE, typeName: `.${typeName}`}
  }

  #enum(file: FileDescriptor, [typeName, values, prefix = '']: EnumInfo): {type: number; typeName: string} {
    if (!this.#described.has(typeName)) {
      this.#described.add(typeName)
      const {pkg, path} = splitName(typeName)
      const described: EnumDescriptor = {
        name: path.at(-1)!,
        value: Object.entries(values).flatMap(([name, number]) =>
          typeof number === 'number' ? [{name: `${prefix}${name}`, number}] : [],
        ),
      }
      if (path.length === 1) this.#file(typeName).enumType.push(described)
      else this.#place([pkg, ...path.slice(0, -1)].join('.')).enumType.push(described)
    }
    return {type: ENUM, typeName: this.#refer(file, typeName)}
  }
}

/** The files that describe services and every type in them, by name. */
export function describeServices(services: readonly RpcService[]): ReadonlyMap<string, FileDescriptor> {
  const describer = new Describer()
  for (const service of services) describer.service(service)
  return describer.files
}
