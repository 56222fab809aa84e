import type {IncomingMessage, ServerResponse} from 'node:http'
import {pipeline} from 'node:stream/promises'
import {daasError, DaasError} from '../errors/daas-error.ts'
import type {KubeResponse} from '../seal/kube-message.ts'
import {readCredential, sessionVerb, withSessionMark} from '../seal/session.ts'
import {atListener} from './at-listener.ts'
import type {GatewayCluster, SubmittedBatch} from './chain-port.ts'
import type {Dispatch, Dispatcher} from './dispatcher.ts'
import type {FreshView} from './fresh-view.ts'
import {responseHeaders} from './headers.ts'
import {connectSession, type SessionAnswer} from './session-connect.ts'

/**
 * Which way requests go: `chain` = all through transactions, watches by repeated lists, no upgrades; `direct` = all
 * by sessions; `auto` = streams and upgrades by sessions, the rest through transactions.
 */
export type Via = 'auto' | 'chain' | 'direct'

/** The ways there are. */
export const VIAS: readonly Via[] = ['auto', 'chain', 'direct']

/**
 * Reads which way requests go from a setting, `auto` where there is none.
 * @throws VIA_UNKNOWN
 */
export function parseVia(text: string | undefined): Via {
  if (text === undefined || text === '') return 'auto'
  const via = VIAS.find((each) => each === text)
  if (via === undefined) throw daasError('VIA_UNKNOWN', {via: text, vias: VIAS.join(', ')})
  return via
}

/** A request on its way into a session. */
export interface SessionAsk extends Dispatch {
  /** Whether it asks to leave HTTP. */
  upgrade?: boolean
}

/** What came of it: the refusal of chain or listener, or the API server's answer as it begins. */
export type OpenedSession = {transaction: SubmittedBatch} & (
  {kind: 'refused'; response: KubeResponse} | SessionAnswer
)

/** Opens a session for one request; throws what a dispatcher throws, SESSION_UNREACHABLE and SESSION_BROKEN. */
export type SessionOpener = (ask: SessionAsk) => Promise<OpenedSession>

/** The most of an answer that is held in memory, bytes. */
const MAX_BODY_BYTES = 64 * 1024 * 1024

/**
 * Makes the opener of sessions: one request on chain authorises it and brings the credential; the request that runs
 * is the one sealed there.
 */
export function createSessionOpener(deps: {
  dispatch: Dispatcher
  cluster: FreshView<GatewayCluster>
}): SessionOpener {
  return async ({request, api, priority, signal, upgrade = false}) => {
    const {response, transaction} = await deps.dispatch({
      request: {...request, headers: withSessionMark(request.headers)},
      api: {...api, verb: sessionVerb(api.verb, upgrade)},
      priority,
      signal,
    })
    const credential = readCredential(response)
    if (credential === undefined) return {kind: 'refused', response, transaction}
    const answer = await atListener(
      deps.cluster,
      ({listenerTlsPin: pin}) => connectSession({credential, pin, upgrade, signal}),
      // The credential was not shown yet.
      (error) => error instanceof DaasError && error.errorName === 'SESSION_UNREACHABLE',
    )
    return {...answer, transaction}
  }
}

/** Makes a dispatcher that carries ordinary requests by sessions: `direct`. Throws what the opener throws. */
export function createSessionDispatcher(open: SessionOpener): Dispatcher {
  return async (dispatch) => {
    const opened = await open(dispatch)
    const {transaction} = opened
    if (opened.kind === 'refused') return {response: opened.response, transaction}
    if (opened.kind === 'upgraded') {
      opened.socket.destroy()
      throw daasError('SESSION_BROKEN', {reason: 'it was upgraded unasked'})
    }

    return {response: await readWhole(opened.response), transaction}
  }
}

/** Passes an answer on as it comes, with the back-pressure of whoever reads it; rejects where either end broke off. */
export async function passOn(
  from: IncomingMessage,
  to: ServerResponse,
  extraHeaders: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const length = from.headers['content-length']
  to.writeHead(from.statusCode ?? 502, {
    ...responseHeaders(headersOf(from)),
    ...(length === undefined ? {} : {'content-length': length}),
    ...extraHeaders,
  })
  to.flushHeaders()
  await pipeline(from, to, {signal})
}

async function readWhole(response: IncomingMessage): Promise<KubeResponse> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.length
      if (size > MAX_BODY_BYTES) throw new Error(`its answer is larger than ${MAX_BODY_BYTES} bytes`)
      parts.push(part)
    }
  } catch (cause) {
    throw daasError('SESSION_BROKEN', {reason: (cause as Error).message}, {cause})
  }

  return {
    status: response.statusCode ?? 502,
    headers: headersOf(response),
    body: new Uint8Array(Buffer.concat(parts)),
  }
}

function headersOf({headers}: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
