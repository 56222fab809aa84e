/** The messages of `grpc.reflection.v1`, which are also those of `v1alpha`. */
import {MessageType, ScalarType} from '@protobuf-ts/runtime'
import type {MessageCodec, RpcService} from '../dispatch.ts'

/** What a client asks. */
export interface ReflectionRequest {
  readonly host: string
  readonly messageRequest:
    | {readonly oneofKind: 'fileByFilename'; readonly fileByFilename: string}
    | {readonly oneofKind: 'fileContainingSymbol'; readonly fileContainingSymbol: string}
    | {readonly oneofKind: 'fileContainingExtension'; readonly fileContainingExtension: object}
    | {readonly oneofKind: 'allExtensionNumbersOfType'; readonly allExtensionNumbersOfType: string}
    | {readonly oneofKind: 'listServices'; readonly listServices: string}
    | {readonly oneofKind: undefined}
}

/** What it is answered. */
export type ReflectionAnswer =
  | {
      readonly oneofKind: 'fileDescriptorResponse'
      readonly fileDescriptorResponse: {readonly fileDescriptorProto: Uint8Array[]}
    }
  | {
      readonly oneofKind: 'listServicesResponse'
      readonly listServicesResponse: {readonly service: {readonly name: string}[]}
    }
  | {
      readonly oneofKind: 'errorResponse'
      readonly errorResponse: {readonly errorCode: number; readonly errorMessage: string}
    }

/** The two versions: one is a renamed copy of the other. */
export const REFLECTION_PACKAGES = ['grpc.reflection.v1', 'grpc.reflection.v1alpha'] as const

/** The service of a version. */
export function reflectionService(pkg: (typeof REFLECTION_PACKAGES)[number]): RpcService {
  const type = (name: string, fields: ConstructorParameters<typeof MessageType>[1]): MessageType<object> =>
    new MessageType<object>(`${pkg}.${name}`, fields)
  const text = (no: number, name: string) => ({no, name, kind: 'scalar', T: ScalarType.STRING}) as const
  const int32 = (no: number, name: string) => ({no, name, kind: 'scalar', T: ScalarType.INT32}) as const
  const ExtensionRequest = type('ExtensionRequest', [
    text(1, 'containing_type'),
    int32(2, 'extension_number'),
  ])
  const request = {oneof: 'messageRequest'} as const
  const Request = type('ServerReflectionRequest', [
    text(1, 'host'),
    {...text(3, 'file_by_filename'), ...request},
    {...text(4, 'file_containing_symbol'), ...request},
    {no: 5, name: 'file_containing_extension', kind: 'message', T: () => ExtensionRequest, ...request},
    {...text(6, 'all_extension_numbers_of_type'), ...request},
    {...text(7, 'list_services'), ...request},
  ])
  const FileDescriptorResponse = type('FileDescriptorResponse', [
    {no: 1, name: 'file_descriptor_proto', kind: 'scalar', T: ScalarType.BYTES, repeat: 2},
  ])
  const ExtensionNumberResponse = type('ExtensionNumberResponse', [
    text(1, 'base_type_name'),
    {...int32(2, 'extension_number'), repeat: 1},
  ])
  const ServiceResponse = type('ServiceResponse', [text(1, 'name')])
  const ListServiceResponse = type('ListServiceResponse', [
    {no: 1, name: 'service', kind: 'message', repeat: 1, T: () => ServiceResponse},
  ])
  const ErrorResponse = type('ErrorResponse', [int32(1, 'error_code'), text(2, 'error_message')])
  const answer = (no: number, name: string, T: MessageType<object>) =>
    ({no, name, kind: 'message', oneof: 'messageResponse', T: () => T}) as const
  const Response = type('ServerReflectionResponse', [
    text(1, 'valid_host'),
    {no: 2, name: 'original_request', kind: 'message', T: () => Request},
    answer(4, 'file_descriptor_response', FileDescriptorResponse),
    answer(5, 'all_extension_numbers_response', ExtensionNumberResponse),
    answer(6, 'list_services_response', ListServiceResponse),
    answer(7, 'error_response', ErrorResponse),
  ])
  return {
    typeName: `${pkg}.ServerReflection`,
    methods: [
      {
        name: 'ServerReflectionInfo',
        I: Request as unknown as MessageCodec,
        O: Response as unknown as MessageCodec,
        clientStreaming: true,
        serverStreaming: true,
      },
    ],
  }
}
