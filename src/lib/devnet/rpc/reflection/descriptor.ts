/** The part of `google/protobuf/descriptor.proto` that describes an API; the SDK does not have it. */
import {MessageType, ScalarType} from '@protobuf-ts/runtime'

/** One field; presence of `oneofIndex` matters, so it is written where it is 0. */
export interface FieldDescriptor {
  name: string
  number: number
  /** 1: at most one; 3: a list. */
  label: number
  type: number
  /** `.package.Type` of messages and enums. */
  typeName?: string
  oneofIndex?: number
  jsonName: string
  proto3Optional?: boolean
}

export interface EnumDescriptor {
  name: string
  value: {name: string; number: number}[]
}

export interface MessageDescriptor {
  name: string
  field: FieldDescriptor[]
  nestedType: MessageDescriptor[]
  enumType: EnumDescriptor[]
  oneofDecl: {name: string}[]
  options?: {mapEntry: boolean}
}

export interface ServiceDescriptor {
  name: string
  method: {
    name: string
    inputType: string
    outputType: string
    clientStreaming: boolean
    serverStreaming: boolean
  }[]
}

export interface FileDescriptor {
  name: string
  package: string
  dependency: string[]
  messageType: MessageDescriptor[]
  enumType: EnumDescriptor[]
  service: ServiceDescriptor[]
  syntax: string
}

type Fields = ConstructorParameters<typeof MessageType>[1]
type Field = Fields[number]

const text = (no: number, name: string): Field => ({no, name, kind: 'scalar', T: ScalarType.STRING})
const int32 = (no: number, name: string): Field => ({
  no,
  name,
  kind: 'scalar',
  T: ScalarType.INT32,
  opt: true,
})
const bool = (no: number, name: string): Field => ({no, name, kind: 'scalar', T: ScalarType.BOOL, opt: true})
const list = (no: number, name: string, T: () => MessageType<object>): Field => {
  return {no, name, kind: 'message', repeat: 1, T}
}

function type<Message extends object>(name: string, fields: Fields): MessageType<Message> {
  return new MessageType<Message>(`google.protobuf.${name}`, fields)
}

const OneofDescriptorProto = type<object>('OneofDescriptorProto', [text(1, 'name')])
const MessageOptions = type<object>('MessageOptions', [bool(7, 'map_entry')])
const EnumValueDescriptorProto = type<object>('EnumValueDescriptorProto', [
  text(1, 'name'),
  int32(2, 'number'),
])
const EnumDescriptorProto = type<object>('EnumDescriptorProto', [
  text(1, 'name'),
  list(2, 'value', () => EnumValueDescriptorProto),
])
const FieldDescriptorProto = type<object>('FieldDescriptorProto', [
  text(1, 'name'),
  int32(3, 'number'),
  int32(4, 'label'),
  int32(5, 'type'),
  {no: 6, name: 'type_name', kind: 'scalar', T: ScalarType.STRING, opt: true},
  int32(9, 'oneof_index'),
  text(10, 'json_name'),
  bool(17, 'proto3_optional'),
])
const DescriptorProto: MessageType<object> = type<object>('DescriptorProto', [
  text(1, 'name'),
  list(2, 'field', () => FieldDescriptorProto),
  list(3, 'nested_type', () => DescriptorProto),
  list(4, 'enum_type', () => EnumDescriptorProto),
  {no: 7, name: 'options', kind: 'message', T: () => MessageOptions},
  list(8, 'oneof_decl', () => OneofDescriptorProto),
])
const MethodDescriptorProto = type<object>('MethodDescriptorProto', [
  text(1, 'name'),
  text(2, 'input_type'),
  text(3, 'output_type'),
  bool(5, 'client_streaming'),
  bool(6, 'server_streaming'),
])
const ServiceDescriptorProto = type<object>('ServiceDescriptorProto', [
  text(1, 'name'),
  list(2, 'method', () => MethodDescriptorProto),
])

/** The codec of a file's description. */
export const FileDescriptorProto = type<FileDescriptor>('FileDescriptorProto', [
  text(1, 'name'),
  text(2, 'package'),
  {no: 3, name: 'dependency', kind: 'scalar', T: ScalarType.STRING, repeat: 2},
  list(4, 'message_type', () => DescriptorProto),
  list(5, 'enum_type', () => EnumDescriptorProto),
  list(6, 'service', () => ServiceDescriptorProto),
  text(12, 'syntax'),
])
