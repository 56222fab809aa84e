/** Server reflection: what `grpcurl` and the like ask a server that they have no `.proto` files of. */
import {type HandlerTable, type RpcService, duplex} from '../dispatch.ts'
import type {ReflectionFiles} from '../reflection/files.ts'
import {REFLECTION_PACKAGES, type ReflectionRequest} from '../reflection/protocol.ts'

/**
 * Both versions of ServerReflection. The files are described when somebody asks: a start does not wait for them.
 * @param services what is served, reflection itself included
 */
export function reflectionHandlers(services: readonly RpcService[]): HandlerTable {
  let files: ReflectionFiles | undefined
  const handler = duplex(async function* (requests: AsyncIterable<ReflectionRequest>) {
    const {ReflectionFiles} = await import('../reflection/files.ts')
    for await (const request of requests) {
      files ??= new ReflectionFiles(services)
      yield {validHost: request.host, originalRequest: request, messageResponse: files.answer(request)}
    }
  })
  return Object.fromEntries(
    REFLECTION_PACKAGES.map((pkg) => [`${pkg}.ServerReflection/ServerReflectionInfo`, handler]),
  )
}
