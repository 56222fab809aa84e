import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
  type sendUnaryData,
} from '@grpc/grpc-js'
import type {Socket} from 'node:net'
import {type Method, runDuplex, runStream, runUnary} from '../dispatch.ts'
import {STATUS_DETAILS, statusDetails} from '../proto/status-details.ts'
import {toFailure} from '../status.ts'

/** The native gRPC side of the server: takes sockets that speak HTTP/2. */
export interface NativeTransport {
  inject(socket: Socket): void
  close(): void
}

/**
 * Serves the methods over native gRPC (facts/sui.md 2.2). Messages stay bytes here: the dispatcher knows the codecs.
 * @param headers the `x-sui-*` headers of now
 */
export function createNativeTransport(
  methods: ReadonlyMap<string, Method>,
  headers: () => Record<string, string>,
): NativeTransport {
  const server = new Server({'grpc.max_receive_message_length': 8 * 1024 * 1024})
  const definition: Record<string, ServiceDefinition[string]> = {}
  const implementation: UntypedServiceImplementation = {}
  for (const method of methods.values()) {
    if (method.handler === undefined) continue
    const asIs = (bytes: Uint8Array): Buffer => Buffer.from(bytes)
    definition[method.path] = {
      path: method.path,
      requestStream: method.kind === 'duplex',
      responseStream: method.kind !== 'unary',
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    }
    implementation[method.path] = {
      unary: (call: ServerUnaryCall<Buffer, Uint8Array>, done: sendUnaryData<Uint8Array>) =>
        void serveUnary(method, call, done, headers),
      stream: (call: ServerWritableStream<Buffer, Uint8Array>) =>
        void serveStream(call, headers, (signal) => runStream(method, call.request, {signal})),
      duplex: (call: ServerDuplexStream<Buffer, Uint8Array>) =>
        void serveStream(call, headers, () => runDuplex(method, call)),
    }[method.kind]
  }
  server.addService(definition, implementation)
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure())
  return {
    inject: (socket) => injector.injectConnection(socket),
    close: () => {
      injector.destroy()
      server.forceShutdown()
    },
  }
}

async function serveUnary(
  method: Method,
  call: ServerUnaryCall<Buffer, Uint8Array>,
  done: sendUnaryData<Uint8Array>,
  headers: () => Record<string, string>,
): Promise<void> {
  try {
    const answer = await runUnary(method, call.request, {signal: signalOf(call)})
    call.sendMetadata(metadataOf(headers()))
    done(null, answer)
  } catch (error) {
    done(statusOf(error, headers()))
  }
}

/** What a stream of answers is written to. */
type StreamCall = ServerWritableStream<Buffer, Uint8Array> | ServerDuplexStream<Buffer, Uint8Array>

async function serveStream(
  call: StreamCall,
  headers: () => Record<string, string>,
  answers: (signal: AbortSignal) => AsyncIterable<Uint8Array>,
): Promise<void> {
  const signal = signalOf(call)
  call.sendMetadata(metadataOf(headers()))
  try {
    for await (const item of answers(signal)) {
      if (!call.write(item)) await drained(call, signal)
    }
    call.end()
  } catch (error) {
    call.emit('error', statusOf(error, {}))
  }
}

function drained(call: StreamCall, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) return resolve()
    call.once('drain', done)
    signal.addEventListener('abort', done, {once: true})
  })
}

function signalOf(call: {on(event: 'cancelled', listener: () => void): unknown}): AbortSignal {
  const controller = new AbortController()
  call.on('cancelled', () => controller.abort(new DOMException('the client went away', 'AbortError')))
  return controller.signal
}

function metadataOf(headers: Record<string, string>): Metadata {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  return metadata
}

/** Headers of a unary call that fails go with its status: nothing was sent before. */
function statusOf(
  error: unknown,
  headers: Record<string, string>,
): {code: number; details: string; metadata: Metadata} {
  const failure = toFailure(error)
  const metadata = metadataOf(headers)
  const details = statusDetails(failure)
  if (details !== undefined) metadata.set(STATUS_DETAILS, Buffer.from(details))
  return {code: failure.code, details: failure.message, metadata}
}
