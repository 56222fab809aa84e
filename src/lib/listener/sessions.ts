import {createHash, randomBytes, timingSafeEqual} from 'node:crypto'
import type {KubeCall} from '../kube/kube-http.ts'
import type {KubeRequest, KubeResponse} from '../seal/kube-message.ts'
import {asksForUpgrade, credentialResponse} from '../seal/session.ts'
import type {SpliceCount} from '../seal/splice.ts'
import {SESSION_ENDS} from './chain-port.ts'
import type {ListenerChain, ListenerEvent, RequestEvent, SessionEnd} from './chain-port.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'
import {judgeRequest} from './request-policy.ts'
import type {SessionReports} from './session-reports.ts'
import {statusResponse} from './status-object.ts'

/** How many sessions there may be, and for how long. */
export interface SessionLimits {
  /** Of one requester at a time. */
  perRequester: number
  /** Of all. */
  total: number
  /** The longest a stream lasts, ms. */
  streamMs: number
  /** The longest a request without a stream lasts, ms. */
  requestMs: number
  /** How long a credential waits to be used, ms. */
  credentialMs: number
  /** How often the seals and stakes of open sessions are read again, ms. */
  auditMs: number
}

/** The limits of a listener that is told of none. */
export const SESSION_LIMITS: SessionLimits = {
  perRequester: 64,
  total: 512,
  streamMs: 3_600_000,
  requestMs: 60_000,
  credentialMs: 30_000,
  auditMs: 60_000,
}

/** What keeping sessions needs. */
export interface SessionsDeps {
  chain: Pick<ListenerChain, 'isGrantLive' | 'readSeal' | 'readStake'>
  reports: SessionReports
  logger: ListenerLogger
  /** Unix time, ms. */
  clock: () => number
  signal: AbortSignal
  /** Where this listener is reached; asked when a credential is made. */
  urls: () => readonly string[]
  limits: SessionLimits
  /** Told of each that ended. */
  onEnd?: (end: SessionEnd) => void
}

/** A session that has begun: its credential is used up. */
export interface Session {
  /** The request of the chain, impersonating whoever asked. */
  call: KubeCall
  verb: string
  isUpgrade: boolean
  /** Counted by whoever carries the bytes. */
  count: SpliceCount
  /** Aborts when the session must end. */
  signal: AbortSignal
  /** To be called once everything is closed; the reason is `end`, unless the session had to end before. */
  finish(end: SessionEnd): void
}

/** The sessions of a listener. */
export interface Sessions {
  /**
   * Judges a request for a session as it stands on chain; never throws.
   * @returns the credential, or the refusal; to be sealed
   */
  grant(event: RequestEvent, request: KubeRequest): Promise<KubeResponse>
  /** Uses a credential up. @returns undefined where there is none such (any more) */
  take(sessionId: string, token: string): Session | undefined
  /** Passes events on, and ends the sessions whose seal or stake they take away. */
  observe(events: AsyncIterable<ListenerEvent>): AsyncIterable<ListenerEvent>
  /** How many wait or run. */
  size(): number
  /** Ends all, and resolves when their ends are recorded. */
  close(): Promise<void>
}

interface Entry {
  id: string
  event: RequestEvent
  tokenHash: Buffer
  state: 'judged' | 'granted' | 'open'
  /** When it must be over, Unix time, ms. */
  endsAtMs: number
  session: Session
  end?: SessionEnd
  stop: (end: SessionEnd) => void
  timer?: NodeJS.Timeout
}

/** Makes the sessions of a listener. They live in memory: a restart ends them all. */
export function createSessions(deps: SessionsDeps): Sessions {
  const {chain, clock, limits, logger} = deps
  const entries = new Map<string, Entry>()
  const idlers: (() => void)[] = []
  let closed = false

  function enter(event: RequestEvent, judged: {call: KubeCall; verb: string; isUpgrade: boolean}): Entry {
    const stopper = new AbortController()
    const entry: Entry = {
      id: randomBytes(16).toString('hex'),
      event,
      tokenHash: Buffer.alloc(0),
      state: 'judged',
      endsAtMs: 0,
      session: {
        ...judged,
        count: {in: 0, out: 0},
        signal: stopper.signal,
        finish: (end) => leave(entry, entry.end ?? end),
      },
      stop(end) {
        entry.end ??= end
        stopper.abort(new Error(`the session ended: ${entry.end}`))
        // Nobody carries it yet who could say when it is closed.
        if (entry.state === 'granted') leave(entry, entry.end)
      },
    }
    entries.set(entry.id, entry)
    return entry
  }

  function leave(entry: Entry, end: SessionEnd): void {
    if (!entries.delete(entry.id)) return
    clearTimeout(entry.timer)
    if (entry.state !== 'judged') {
      const {request, requestId, requester} = entry.event
      const {in: bytesIn, out: bytesOut} = entry.session.count
      deps.reports.push({request, requestId, bytesIn, bytesOut, reason: SESSION_ENDS.indexOf(end)})
      deps.onEnd?.(end)
      logger.info({request, requester, bytesIn, bytesOut, end}, 'session ended')
    }

    if (entries.size === 0) for (const idler of idlers.splice(0)) idler()
  }

  function endAfter(entry: Entry, ms: number, end: SessionEnd): void {
    clearTimeout(entry.timer)
    entry.timer = setTimeout(() => entry.stop(end), Math.max(0, ms))
    entry.timer.unref()
  }

  /** Why the chain does not, or no longer, back a session. */
  async function lossOf({seal, stake, requester, cluster}: RequestEvent): Promise<{
    loss?: 'seal-lost' | 'stake-lost'
    expiresAtMs: number
  }> {
    const read = await chain.readSeal(seal, deps.signal)
    const expiresAtMs = read?.expiresAtMs ?? 0
    const mine = read !== undefined && read.cluster === cluster && read.owner === requester
    if (!mine || read.revoked || read.stake !== stake || expiresAtMs <= clock())
      return {loss: 'seal-lost', expiresAtMs}
    const backed =
      read.kind === 'granted'
        ? await chain.isGrantLive(stake, clock(), deps.signal)
        : (await chain.readStake(stake, deps.signal))?.status === 'active'
    return backed ? {expiresAtMs} : {loss: 'stake-lost', expiresAtMs}
  }

  async function grant(event: RequestEvent, request: KubeRequest): Promise<KubeResponse> {
    if (closed) return statusResponse(503, 'ServiceUnavailable', 'the listener is closing')
    const judgement = judgeRequest(event, request, 'session')
    if (!judgement.allowed) return judgement.response
    const mine = [...entries.values()].filter((entry) => entry.event.requester === event.requester)
    if (mine.length >= limits.perRequester) {
      return tooMany(`sui:${event.requester} has ${mine.length} sessions, the most that one may have`)
    }

    if (entries.size >= limits.total) return tooMany('the listener has as many sessions as it may have')
    const {call, verb, isStream} = judgement
    // It is on the list before the chain is asked: what is taken away meanwhile is not missed.
    const entry = enter(event, {call, verb, isUpgrade: asksForUpgrade(request)})
    try {
      const {loss, expiresAtMs} = await lossOf(event)
      const end = entry.end ?? loss
      if (end !== undefined) {
        leave(entry, end)
        return end === 'stake-lost'
          ? statusResponse(403, 'Forbidden', 'the stake or grant behind the seal is not active')
          : statusResponse(401, 'Unauthorized', 'the seal is revoked, expired or gone')
      }

      const now = clock()
      const token = randomBytes(32).toString('base64url')
      entry.tokenHash = digest(token)
      entry.state = 'granted'
      endAfter(entry, limits.credentialMs, 'unused')
      entry.endsAtMs = Math.min(expiresAtMs, now + (isStream ? limits.streamMs : limits.requestMs))
      return credentialResponse({
        urls: deps.urls(),
        sessionId: entry.id,
        token,
        expiresAtMs: now + limits.credentialMs,
      })
    } catch (error) {
      leave(entry, 'failed')
      logger.warn({...errorFields(error), request: event.request}, 'a session could not be judged')
      return statusResponse(503, 'ServiceUnavailable', 'the chain does not answer the listener')
    }
  }

  function stopWhere(matches: (entry: Entry) => boolean, end: SessionEnd): void {
    for (const entry of [...entries.values()]) if (matches(entry)) entry.stop(end)
  }

  /** The event stream tells of losses; this finds what it could not tell: expiry by rotation, or a lost stream. */
  async function audit(): Promise<void> {
    for (const entry of [...entries.values()].filter(({state}) => state === 'open')) {
      const {loss} = await lossOf(entry.event)
      if (loss !== undefined) entry.stop(loss)
    }
  }

  let auditing = false
  const auditor = setInterval(() => {
    if (auditing || entries.size === 0) return
    auditing = true
    audit()
      .catch((error: unknown) => logger.warn(errorFields(error), 'sessions not compared with the chain'))
      .finally(() => (auditing = false))
  }, limits.auditMs)
  auditor.unref()

  return {
    grant,
    take(sessionId, token) {
      const entry = entries.get(sessionId)
      if (entry?.state !== 'granted' || !timingSafeEqual(entry.tokenHash, digest(token))) return undefined
      entry.state = 'open'
      endAfter(entry, entry.endsAtMs - clock(), 'time-over')
      return entry.session
    },
    async *observe(events) {
      for await (const event of events) {
        if (event.kind === 'seal-lost') stopWhere((entry) => entry.event.seal === event.seal, 'seal-lost')
        if (event.kind === 'stake-lost') stopWhere((entry) => entry.event.stake === event.stake, 'stake-lost')
        yield event
      }
    },
    size: () => entries.size,
    async close() {
      closed = true
      clearInterval(auditor)
      stopWhere(() => true, 'listener-closed')
      if (entries.size > 0) await new Promise<void>((resolve) => idlers.push(resolve))
      await deps.reports.flush()
    },
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function tooMany(message: string): KubeResponse {
  return statusResponse(429, 'TooManyRequests', message)
}
