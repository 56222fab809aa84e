import {GrpcTypes as T} from '@mysten/sui/grpc'
import {RpcFailure} from './status.ts'

/** What a handler knows of the call besides its request. */
export interface Call {
  /** Aborts when the client went away or its deadline passed. */
  readonly signal: AbortSignal
}

/**
 * Handles one method: one answer, or a stream of them that ends when the signal aborts; or a stream of requests
 * answered one by one, which only native gRPC has.
 */
export type Handler =
  | {readonly kind: 'unary'; run(request: object, call: Call): Promise<object>}
  | {readonly kind: 'stream'; run(request: object, call: Call): AsyncIterable<object>}
  | {readonly kind: 'duplex'; run(requests: AsyncIterable<object>): AsyncIterable<object>}

/** Handlers by `package.Service/Method`. One table serves every transport. */
export type HandlerTable = Readonly<Record<string, Handler>>

/** What the transports need of a message codec. */
export interface MessageCodec {
  readonly typeName: string
  create(partial?: object): object
  fromBinary(bytes: Uint8Array): object
  toBinary(message: object): Uint8Array
}

/** One method of the API with its codecs, and its handler if there is one. */
export interface Method {
  /** `/package.Service/Method` */
  readonly path: string
  readonly input: MessageCodec
  readonly output: MessageCodec
  readonly kind: Handler['kind']
  readonly handler: Handler | undefined
}

/** A handler of one answer. */
export function unary<Request extends object, Response extends object>(
  run: (request: Request, call: Call) => Response | Promise<Response>,
): Handler {
  return {kind: 'unary', run: async (request, call) => run(request as Request, call)}
}

/** A handler of a stream of answers. */
export function stream<Request extends object, Response extends object>(
  run: (request: Request, call: Call) => AsyncIterable<Response>,
): Handler {
  return {kind: 'stream', run: (request, call) => run(request as Request, call)}
}

/** A handler of a stream of requests. */
export function duplex<Request extends object, Response extends object>(
  run: (requests: AsyncIterable<Request>) => AsyncIterable<Response>,
): Handler {
  return {kind: 'duplex', run: (requests) => run(requests as AsyncIterable<Request>)}
}

/** A service as the SDK has it, or as it is written here. */
export interface RpcService {
  /** `package.Service` */
  readonly typeName: string
  readonly methods: readonly {
    readonly name: string
    readonly I: MessageCodec
    readonly O: MessageCodec
    readonly serverStreaming?: boolean
    readonly clientStreaming?: boolean
  }[]
}

/** The services of the Sui API. */
export const suiServices = [
  T.LedgerService,
  T.StateService,
  T.TransactionExecutionService,
  T.SubscriptionService,
  T.MovePackageService,
  T.NameService,
  T.SignatureVerificationService,
  T.ForkingService,
] as unknown as readonly RpcService[]

/**
 * Every method of the services by path, with the handlers of the table put in.
 * @throws Error when the table names a method that no service has, or of another kind
 */
export function bindMethods(
  table: HandlerTable,
  services: readonly RpcService[] = suiServices,
): ReadonlyMap<string, Method> {
  const methods = new Map<string, Method>()
  const unused = new Set(Object.keys(table))
  for (const service of services) {
    for (const info of service.methods) {
      const name = `${service.typeName}/${info.name}`
      const handler = table[name]
      unused.delete(name)
      const kind = info.clientStreaming ? 'duplex' : info.serverStreaming ? 'stream' : 'unary'
      if (handler !== undefined && handler.kind !== kind) {
        throw new Error(`the handler of ${name} is of the wrong kind`)
      }
      methods.set(`/${name}`, {
        path: `/${name}`,
        input: info.I,
        output: info.O,
        kind,
        handler,
      })
    }
  }
  if (unused.size > 0) throw new Error(`the API has no method ${[...unused].join(', ')}`)
  return methods
}

/** Runs the one answer of a method, ended early by the signal. */
export async function runUnary(method: Method, request: Uint8Array, call: Call): Promise<Uint8Array> {
  const {handler} = method
  if (handler?.kind !== 'unary') throw unimplemented(method.path)
  call.signal.throwIfAborted()
  const aborted = new Promise<never>((_resolve, reject) => {
    call.signal.addEventListener('abort', () => reject(call.signal.reason as Error), {once: true})
  })
  const answer = await Promise.race([handler.run(decode(method, request), call), aborted])
  return encode(method, answer)
}

/** Runs the answers of a streaming method until it or the signal ends. */
export async function* runStream(
  method: Method,
  request: Uint8Array,
  call: Call,
): AsyncGenerator<Uint8Array> {
  const {handler} = method
  if (handler?.kind !== 'stream') throw unimplemented(method.path)
  for await (const answer of handler.run(decode(method, request), call)) {
    if (call.signal.aborted) return
    yield encode(method, answer)
  }
}

/** Runs the answers to a stream of requests until either ends. */
export async function* runDuplex(
  method: Method,
  requests: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const {handler} = method
  if (handler?.kind !== 'duplex') throw unimplemented(method.path)
  const decoded = async function* (): AsyncGenerator<object> {
    for await (const request of requests) yield decode(method, request)
  }
  for await (const answer of handler.run(decoded())) yield encode(method, answer)
}

/** UNIMPLEMENTED for a path. */
export function unimplemented(path: string): RpcFailure {
  return new RpcFailure('UNIMPLEMENTED', `the devnet does not serve ${path}`)
}

function decode(method: Method, request: Uint8Array): object {
  try {
    return method.input.fromBinary(request)
  } catch (error) {
    throw new RpcFailure('INVALID_ARGUMENT', `the request is no ${method.input.typeName}`, {cause: error})
  }
}

function encode(method: Method, answer: object): Uint8Array {
  return method.output.toBinary(method.output.create(answer))
}
