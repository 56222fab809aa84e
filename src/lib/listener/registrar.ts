import {timingSafeEqual} from 'node:crypto'
import {daasError} from '../errors/daas-error.ts'
import type {AllowList} from '../kube/allow-list.ts'
import {createBootstrapSecret, deleteBootstrapSecret} from '../kube/bootstrap-secret.ts'
import type {KubeHttp} from '../kube/kube-http.ts'
import {leaseVersion} from '../kube/lease.ts'
import {isNodeReady, readNode} from '../kube/node-ready.ts'
import {whyNotOwnLabel, workerLabels, workerTaints} from '../kube/worker-marks.ts'
import type {
  RegistrationAnswer,
  RegistrationBody,
  RegistrationRequest,
  WorkerStatus,
} from '../seal/registration.ts'
import type {Heartbeat} from '../seal/heartbeat.ts'
import type {LeaveAnswer, LeaveRequest} from '../seal/leave.ts'
import {hashSealTokenHex, parseSealToken} from '../seal/token.ts'
import type {ListenerChain} from './chain-port.ts'
import type {Journal} from './journal.ts'
import type {WorkerRecord} from './journal-workers.ts'
import type {Turns} from './turns.ts'
import {checkChain, checkLeave, checkMessage, CLOCK_WINDOW_MS} from './registration-checks.ts'

/** What workers are told about the k3s server. */
export interface K3sInfo {
  /** For example `https://host:6443`. */
  serverUrl: string
  /** k3s CA hash, 64 lower-case hex digits. */
  caHash: string
  version: string
}

/** What the registrar needs. */
export interface RegistrarDeps {
  clusterId: string
  chain: ListenerChain
  http: KubeHttp
  allowList: AllowList
  journal: Journal
  clock: () => number
  k3s: K3sInfo
  signal: AbortSignal
  /** Registrations of a name take turns with each other, and with what settles them. */
  inTurn: Turns
  /** Called when a worker is pending: its Node is to be watched for. */
  onPending: () => void
}

/** Judges workers that want in. */
export interface Registrar {
  /** @returns the answer, and whether it is the first one to this worker */
  register(
    request: RegistrationRequest,
    token: string,
  ): Promise<{answer: RegistrationAnswer; created: boolean}>
  /** @throws WORKER_UNKNOWN, REGISTRATION_TOKEN_WRONG */
  status(nodeName: string, token: string): Promise<WorkerStatus>
  /** @param report what the worker says of itself */
  heartbeat(nodeName: string, token: string, report?: Heartbeat): Promise<void>
  /** Lets a node go: it is drained and deleted from now on. @throws those of status, and of a registration's checks */
  leave(nodeName: string, request: LeaveRequest, token: string): Promise<LeaveAnswer>
}

/** A token is for joining once: it lives no longer than this, ms, however long the seal does. */
const JOIN_WINDOW_MS = 3_600_000

/** Makes the registrar of a listener. */
export function createRegistrar(deps: RegistrarDeps): Registrar {
  const {journal, http, allowList, chain, signal, inTurn} = deps

  async function admit(body: RegistrationBody, token: string): ReturnType<Registrar['register']> {
    const {seal} = await checkChain(chain, body, deps.clock(), signal)
    const {known, isAllowed} = await checkName(body)
    const {id: tokenId} = parseSealToken(token)
    const expiresAtMs = Math.min(seal.expiresAtMs, deps.clock() + JOIN_WINDOW_MS)
    const record = {
      nodeName: body.nodeName,
      stake: body.stake,
      seal: body.seal,
      owner: body.address,
      tokenId,
      tokenHash: body.tokenHash,
      tokenExpiresAtMs: expiresAtMs,
      leaseSeen: await leaseVersion(http, body.nodeName, signal),
    }
    // What happened while others were asked stands in the journal only: nothing comes between this and the next.
    checkJournal(body)
    journal.workers.register(record)
    try {
      // Once more: what happened to stake or seal before the journal knew of the worker reached nobody.
      await checkChain(chain, body, deps.clock(), signal)
      if (known !== undefined && known.tokenId !== tokenId) await removeSecret(known)
      journal.secrets.note(tokenId)
      const {nodeName, stake} = body
      await createBootstrapSecret(http, {token, expiresAtMs, nodeName, stake}, signal)
      await allowList.allow(nodeName, stake, signal)
    } catch (error) {
      if (known === undefined) await forget(body, isAllowed)
      throw error
    }

    deps.onPending()
    return {created: known === undefined, answer: answerOf(deps.k3s, body, expiresAtMs)}
  }

  /**
   * A first registration that failed leaves nothing behind; what cannot be undone now lapses by itself.
   * @param wasAllowed the name was on the list before: of a node that is in, whose listener lost its journal
   */
  async function forget({nodeName}: RegistrationBody, wasAllowed: boolean): Promise<void> {
    const worker = journal.workers.get(nodeName)
    if (worker?.state !== 'pending') return
    if (!wasAllowed) await allowList.deny(nodeName, signal)
    await removeSecret(worker)
    journal.workers.remove(nodeName)
  }

  async function removeSecret({nodeName, tokenId}: WorkerRecord): Promise<void> {
    await deleteBootstrapSecret(http, tokenId, {nodeName, signal})
    journal.secrets.forget(tokenId)
  }

  /** @returns what the journal knows of this worker, where it has been here before */
  function checkJournal({nodeName, stake}: RegistrationBody): WorkerRecord | undefined {
    const known = journal.workers.get(nodeName)
    const isLive = known?.state === 'pending' || known?.state === 'registered'
    if (known !== undefined && isLive && known.stake !== stake) throw taken(nodeName)
    if (journal.workers.wasEvicted(stake)) {
      throw daasError('REGISTRATION_EVICTED', {stake, reason: known?.reason ?? 'its stake or seal was lost'})
    }

    if (known?.state === 'evicting') throw taken(nodeName)
    if (known?.state === 'leaving')
      throw daasError('LISTENER_BUSY', {reason: `${nodeName} is still being drained`})
    return isLive ? known : undefined
  }

  /** @returns as {@link checkJournal}, and whether the name is on the list already; cluster and chain have been asked */
  async function checkName(
    body: RegistrationBody,
  ): Promise<{known: WorkerRecord | undefined; isAllowed: boolean}> {
    const {nodeName, stake} = body
    const known = checkJournal(body)
    const [allowed, node, entry] = await Promise.all([
      allowList.read(signal),
      readNode(http, nodeName, signal),
      chain.findWorker({stake, nodeName}, signal),
    ])
    if (entry.evicted === true) throw daasError('REGISTRATION_EVICTED', {stake, reason: 'the chain says so'})
    if (entry.byName !== undefined && entry.byName !== entry.byStake) throw taken(nodeName)
    const holder = Object.hasOwn(allowed, nodeName) ? allowed[nodeName] : undefined
    if (holder !== undefined && holder !== stake) throw taken(nodeName)
    if (holder === undefined && node !== undefined) throw taken(nodeName)
    return {known, isAllowed: holder !== undefined}
  }

  async function authenticated(nodeName: string, token: string): Promise<WorkerRecord> {
    const worker = journal.workers.get(nodeName)
    if (worker === undefined) throw daasError('WORKER_UNKNOWN', {name: nodeName})
    const hash = hashSealTokenHex(token)
    if (sameText(hash, worker.tokenHash)) return worker
    // The seal may have been rotated: then the chain has the new one.
    const seal = await chain.readSeal(worker.seal, signal)
    const isNew =
      seal !== undefined && !seal.revoked && sameText(hash, Buffer.from(seal.tokenHash).toString('hex'))
    if (!isNew) throw daasError('REGISTRATION_TOKEN_WRONG', {})
    journal.workers.tokenIs(nodeName, hash)
    return {...worker, tokenHash: hash}
  }

  function checkNotEvicted({state, stake, reason = 'evicted'}: WorkerRecord): void {
    if (state === 'evicting' || state === 'evicted') throw daasError('REGISTRATION_EVICTED', {stake, reason})
  }

  /** Only what is signed and in time uses a nonce up, so that strangers cannot burn those of others. */
  function useNonce({address, nonce}: {address: string; nonce: string}): void {
    if (!journal.useNonce(`${address}:${nonce}`, deps.clock() + 2 * CLOCK_WINDOW_MS)) {
      throw daasError('REGISTRATION_REPLAYED', {})
    }
  }

  return {
    async register(request, token) {
      await checkMessage(request, token, deps.clusterId, deps.clock())
      const {body} = request
      checkLabels(body)
      useNonce(body)
      return inTurn(body.nodeName, () => admit(body, token))
    },
    async status(nodeName, token) {
      const worker = await authenticated(nodeName, token)
      const evicted = worker.state === 'evicting' || worker.state === 'evicted'
      return {
        nodeName,
        registered: worker.state === 'registered',
        nodeReady: !evicted && isNodeReady(await readNode(http, nodeName, signal)),
        evicted,
        ...(worker.state === 'leaving' ? {leaving: true} : {}),
        ...(worker.stays === undefined ? {} : {stays: worker.stays}),
        ...(worker.reason === undefined ? {} : {reason: worker.reason}),
        ...heartbeatOf(worker),
      }
    },
    async heartbeat(nodeName, token, report) {
      checkNotEvicted(await authenticated(nodeName, token))
      journal.workers.heartbeat(nodeName, deps.clock(), report)
    },
    async leave(nodeName, request, token) {
      const worker = await authenticated(nodeName, token)
      await checkLeave(request, token, {clusterId: deps.clusterId, nowMs: deps.clock(), worker})
      useNonce(request.body)
      return inTurn(nodeName, async () => {
        checkNotEvicted(worker)
        const {drain} = request.body
        if (!journal.workers.leave(nodeName, 'asked to leave', drain))
          journal.workers.leaveBy(nodeName, drain)
        deps.onPending()
        return {nodeName, leaving: true}
      })
    },
  }
}

/** Labels that would stop a kubelet, or that others trust. @throws REGISTRATION_MALFORMED */
function checkLabels({labels}: RegistrationBody): void {
  for (const key of Object.keys(labels)) {
    const why = whyNotOwnLabel(key)
    if (why !== undefined) throw daasError('REGISTRATION_MALFORMED', {reason: `its label ${key}: ${why}`})
  }
}

/** @returns the last one, where there was one */
function heartbeatOf({heartbeatAtMs, heartbeat}: WorkerRecord): Pick<WorkerStatus, 'heartbeat'> {
  if (heartbeatAtMs === undefined) return {}
  return {heartbeat: {at: new Date(heartbeatAtMs).toISOString(), ...heartbeat}}
}

function taken(name: string): Error {
  return daasError('REGISTRATION_NAME_TAKEN', {name})
}

function sameText(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
}

function answerOf(k3s: K3sInfo, body: RegistrationBody, expiresAtMs: number): RegistrationAnswer {
  return {
    version: 1,
    serverUrl: k3s.serverUrl,
    caHash: k3s.caHash,
    k3sVersion: k3s.version,
    nodeName: body.nodeName,
    labels: workerLabels(body.labels, body.stake),
    taints: workerTaints(),
    tokenExpiresAt: new Date(expiresAtMs).toISOString(),
  }
}
