/** What server reflection answers from: the files of all services, and where each symbol is. */
import type {RpcService} from '../dispatch.ts'
import {statusCodes} from '../status.ts'
import {describeServices} from './describe.ts'
import {
  type EnumDescriptor,
  type FileDescriptor,
  FileDescriptorProto,
  type MessageDescriptor,
} from './descriptor.ts'
import type {ReflectionAnswer, ReflectionRequest} from './protocol.ts'

/** Finds files by name and by what is in them. */
export class ReflectionFiles {
  readonly #services: readonly string[]
  readonly #files: ReadonlyMap<string, FileDescriptor>
  readonly #symbols = new Map<string, FileDescriptor>()

  constructor(services: readonly RpcService[]) {
    this.#services = services.map(({typeName}) => typeName).sort()
    this.#files = describeServices(services)
    for (const file of this.#files.values()) this.#indexFile(file)
  }

  answer({messageRequest}: ReflectionRequest): ReflectionAnswer {
    switch (messageRequest.oneofKind) {
      case 'listServices': {
        const service = this.#services.map((name) => ({name}))
        return {oneofKind: 'listServicesResponse', listServicesResponse: {service}}
      }
      case 'fileByFilename': {
        const name = messageRequest.fileByFilename
        return this.#file(this.#files.get(name), `file '${name}' not found`)
      }
      case 'fileContainingSymbol': {
        const symbol = messageRequest.fileContainingSymbol
        return this.#file(this.#symbols.get(symbol), `symbol '${symbol}' not found`)
      }
      case 'fileContainingExtension':
      case 'allExtensionNumbersOfType':
        return failure('NOT_FOUND', 'extensions are not supported')
      case undefined:
        return failure('INVALID_ARGUMENT', 'invalid MessageRequest')
    }
  }

  /** A file, and those that it depends on: clients then need not ask again. */
  #file(file: FileDescriptor | undefined, missing: string): ReflectionAnswer {
    if (file === undefined) return failure('NOT_FOUND', missing)
    const wanted = new Set([file])
    for (const {dependency} of wanted) {
      for (const name of dependency) wanted.add(this.#files.get(name)!)
    }
    const fileDescriptorProto = [...wanted].map((one) => FileDescriptorProto.toBinary(one))
    return {oneofKind: 'fileDescriptorResponse', fileDescriptorResponse: {fileDescriptorProto}}
  }

  #indexFile(file: FileDescriptor): void {
    const set = (name: string): unknown => this.#symbols.set(name, file)
    const indexEnum = ({name}: EnumDescriptor, scope: string): unknown => set(`${scope}.${name}`)
    const indexMessage = ({name, field, nestedType, enumType}: MessageDescriptor, scope: string): void => {
      const whole = `${scope}.${name}`
      set(whole)
      for (const one of field) set(`${whole}.${one.name}`)
      for (const one of nestedType) indexMessage(one, whole)
      for (const one of enumType) indexEnum(one, whole)
    }
    for (const one of file.messageType) indexMessage(one, file.package)
    for (const one of file.enumType) indexEnum(one, file.package)
    for (const {name, method} of file.service) {
      set(`${file.package}.${name}`)
      for (const one of method) set(`${file.package}.${name}.${one.name}`)
    }
  }
}

function failure(status: keyof typeof statusCodes, errorMessage: string): ReflectionAnswer {
  return {oneofKind: 'errorResponse', errorResponse: {errorCode: statusCodes[status], errorMessage}}
}
