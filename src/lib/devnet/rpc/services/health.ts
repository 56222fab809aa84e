/** `grpc.health.v1`: whether a service of the devnet is served. What listens serves, so nothing ever changes. */
import {MessageType, ScalarType} from '@protobuf-ts/runtime'
import {type HandlerTable, type MessageCodec, type RpcService, stream, unary} from '../dispatch.ts'
import {notFound} from '../status.ts'

/** `HealthCheckResponse.ServingStatus` */
const SERVING = 1
const SERVICE_UNKNOWN = 3
const ServingStatus = {UNKNOWN: 0, SERVING, NOT_SERVING: 2, SERVICE_UNKNOWN}

const RESPONSE = 'grpc.health.v1.HealthCheckResponse'
const request = new MessageType<{service: string}>('grpc.health.v1.HealthCheckRequest', [
  {no: 1, name: 'service', kind: 'scalar', T: ScalarType.STRING},
])
const response = new MessageType<{status: number}>(RESPONSE, [
  {no: 1, name: 'status', kind: 'enum', T: () => [`${RESPONSE}.ServingStatus`, ServingStatus]},
])
const codecs = {I: request as unknown as MessageCodec, O: response as unknown as MessageCodec}

/** The service. */
export const healthService: RpcService = {
  typeName: 'grpc.health.v1.Health',
  methods: [
    {name: 'Check', ...codecs},
    {name: 'Watch', ...codecs, serverStreaming: true},
  ],
}

/**
 * Health checks.
 * @param services names of what is served; the empty name, the server itself, is always
 */
export function healthHandlers(services: readonly string[]): HandlerTable {
  const isServed = (name: string): boolean => name === '' || services.includes(name)
  return {
    'grpc.health.v1.Health/Check': unary(({service}: {service: string}) => {
      if (!isServed(service)) throw notFound('service not registered')
      return {status: SERVING}
    }),
    // A service that is unknown may come later, says the protocol: the stream stays open.
    'grpc.health.v1.Health/Watch': stream(async function* ({service}: {service: string}, {signal}) {
      yield {status: isServed(service) ? SERVING : SERVICE_UNKNOWN}
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        else signal.addEventListener('abort', () => resolve(), {once: true})
      })
    }),
  }
}
