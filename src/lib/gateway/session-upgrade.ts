import type {IncomingMessage} from 'node:http'
import type {Duplex} from 'node:stream'
import {daasError} from '../errors/daas-error.ts'
import {parseApiPath} from '../kube/api-path.ts'
import type {KubeRequest} from '../seal/kube-message.ts'
import {answerRaw, rawHead, rawLines} from '../seal/raw-http.ts'
import {sessionVerb, upgradeHeaders} from '../seal/session.ts'
import {splice} from '../seal/splice.ts'
import type {GatewaySeal} from './chain-port.ts'
import {requestHeaders, responseHeaders} from './headers.ts'
import {checkLive, checkPermission} from './permissions.ts'
import type {SessionOpener} from './session.ts'
import {statusOfError} from './status.ts'

/** What carrying upgrades needs. */
export interface UpgradeDeps {
  /** Throws GATEWAY_TOKEN_WRONG where a request does not show the credential of the gateway. */
  authenticate(req: IncomingMessage): void
  /** Absent: upgrades are refused. */
  open: SessionOpener | undefined
  now(): number
  onUnexpected(error: unknown): void
  priority: number
  /** The SealToken object, fresh enough. */
  seal(): Promise<GatewaySeal>
  /** Aborts when the gateway closes. */
  signal: AbortSignal
}

/** Of a refusal, bytes. */
const MAX_REFUSAL_BYTES = 1024 * 1024

/** Makes the handler of `upgrade` events: exec, attach, port-forward and whatever else is no HTTP after its head. */
export function createUpgradeHandler(deps: UpgradeDeps) {
  return async (req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const gone = new AbortController()
    const onClose = (): void => gone.abort(daasError('GATEWAY_CLOSED', {}))
    socket.on('error', () => socket.destroy())
    socket.once('close', onClose)
    const signal = AbortSignal.any([deps.signal, gone.signal])
    try {
      const opened = await open(deps, req, signal)
      if (opened.kind === 'refused') return answerRaw(socket, opened.response)
      if (opened.kind === 'answer') return answerRaw(socket, await readRefusal(opened.response))
      socket.off('close', onClose)
      socket.write(rawHead(101, rawLines(opened.response)))
      await splice({
        near: socket,
        far: opened.socket,
        nearHead: head,
        farHead: opened.head,
        count: {in: 0, out: 0},
        signal: deps.signal,
      })
    } catch (error) {
      const response = statusOfError(signal.aborted ? signal.reason : error)
      if (response.status === 500) deps.onUnexpected(error)
      answerRaw(socket, response)
    }
  }
}

async function open(deps: UpgradeDeps, req: IncomingMessage, signal: AbortSignal) {
  deps.authenticate(req)
  const {method = '', url: path = ''} = req
  const api = parseApiPath(method, path)
  if (deps.open === undefined) throw daasError('STREAM_NOT_CARRIED', {what: api.path})
  const seal = await deps.seal()
  checkLive(seal, deps.now())
  checkPermission(seal, {...api, verb: sessionVerb(api.verb, true)})
  const request: KubeRequest = {
    method,
    path,
    headers: {...requestHeaders(req.headers), ...upgradeHeaders(req.headers)},
    body: new Uint8Array(),
  }
  return deps.open({request, api, priority: deps.priority, signal, upgrade: true})
}

async function readRefusal(response: IncomingMessage) {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_REFUSAL_BYTES) break
    parts.push(part)
  }

  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
  return {
    status: response.statusCode ?? 502,
    headers: responseHeaders(Object.fromEntries(headers) as Record<string, string>),
    body: new Uint8Array(Buffer.concat(parts)),
  }
}
