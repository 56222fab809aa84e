import {randomBytes} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import type {
  Announcement,
  EndedSession,
  ListenerChain,
  ListenerCluster,
  ListenerEvent,
  ListenerSeal,
  ListenerStake,
  LivenessReport,
  StoredResponse,
} from '../../../src/lib/listener/chain-port.ts'

type EventBody = ListenerEvent extends infer E
  ? E extends ListenerEvent
    ? Omit<E, 'id' | 'cursor'>
    : never
  : never

/** A chain for unit tests: what it holds is set by the test, what it is told is on record. */
export interface FakeChain extends ListenerChain {
  cluster: ListenerCluster
  seals: Map<string, ListenerSeal>
  stakes: Map<string, ListenerStake>
  /** stake -> worker */
  workers: Map<string, {id: string; evicted: boolean; name: string}>
  announced: Announcement[]
  stored: StoredResponse[]
  /** Sizes of the batches, in order. */
  batches: number[]
  evictions: {worker: string; reason: string}[]
  liveness: LivenessReport[]
  statuses: {worker: string; status: string}[]
  ended: EndedSession[]
  /** When requests are over that are on chain; what is pruned is gone. */
  ends: Map<string, number>
  /** Sizes of the transactions that pruned, in order. */
  prunings: number[]
  /** Ids of those that hold. */
  grants: Set<string>
  /** Until when keys are good that are announced anew, Unix time, ms. */
  overlapEndsMs: number
  /** How long storing answers takes, ms. */
  storeMs: number
  /** Appends an event to the ledger. */
  emit(event: EventBody): void
  /** Called before each write; throw to refuse. */
  before: (
    what: 'announce' | 'register' | 'evict' | 'store' | 'end' | 'liveness' | 'status' | 'prune',
    detail: unknown,
  ) => void
}

/** A fresh object id. */
export function newId(): string {
  return `0x${randomBytes(32).toString('hex')}`
}

/** Makes a chain with one open cluster. */
export function createFakeChain(clusterId = newId()): FakeChain {
  const ledger: ListenerEvent[] = []
  const chain: FakeChain = {
    cluster: {
      id: clusterId,
      name: 'test',
      paused: false,
      listenerUrls: [],
      hpkeKey: new Uint8Array(),
      tlsPin: new Uint8Array(),
      previousTlsPin: new Uint8Array(),
      previousUntilMs: 0,
      k3sUrl: '',
      caHash: new Uint8Array(),
      k3sVersion: '',
      minNodeStakeMist: 1_000_000_000n,
      maxEnvelopeBytes: 98_304,
    },
    seals: new Map(),
    stakes: new Map(),
    workers: new Map(),
    announced: [],
    stored: [],
    batches: [],
    ended: [],
    ends: new Map(),
    prunings: [],
    grants: new Set(),
    evictions: [],
    liveness: [],
    statuses: [],
    storeMs: 0,
    overlapEndsMs: Number.MAX_SAFE_INTEGER,
    before: () => undefined,
    emit(event) {
      const index = ledger.length + 1
      ledger.push({
        ...event,
        id: `digest:${index}`,
        cursor: Uint8Array.of(index >> 8, index & 255),
      } as ListenerEvent)
    },
    readCluster: async () => chain.cluster,
    readSeal: async (id) => chain.seals.get(id),
    readStakes: async (ids, signal) => Promise.all(ids.map((id) => chain.readStake(id, signal))),
    readSeals: async (ids, signal) => Promise.all(ids.map((id) => chain.readSeal(id, signal))),
    isGrantLive: async (id) => chain.grants.has(id),
    readStake: async (id) => chain.stakes.get(id),
    findWorker: async ({stake, nodeName}) => {
      const own = chain.workers.get(stake)
      const named = [...chain.workers.values()].find(({name}) => name === nodeName)
      return {
        ...(own === undefined ? {} : {byStake: own.id, evicted: own.evicted}),
        ...(named === undefined ? {} : {byName: named.id}),
      }
    },
    announce: async (announcement) => {
      chain.before('announce', announcement)
      chain.announced.push(announcement)
      const {tlsPin} = chain.cluster
      if (tlsPin.length > 0 && Buffer.compare(tlsPin, announcement.tlsPin) !== 0) {
        Object.assign(chain.cluster, {previousTlsPin: tlsPin, previousUntilMs: chain.overlapEndsMs})
      }

      Object.assign(chain.cluster, announcement)
      return {digest: 'announced'}
    },
    registerWorker: async (worker) => {
      chain.before('register', worker)
      const id = newId()
      chain.workers.set(worker.stake, {
        id,
        evicted: false,
        name: chain.stakes.get(worker.stake)?.nodeId ?? '',
      })
      return {worker: id, digest: 'registered'}
    },
    evictWorker: async (worker, reason) => {
      chain.before('evict', worker)
      chain.evictions.push({worker, reason})
      for (const known of chain.workers.values()) if (known.id === worker) known.evicted = true
    },
    setStatus: async (worker, status) => {
      chain.before('status', worker)
      chain.statuses.push({worker, status})
    },
    reportLiveness: async (report) => {
      chain.before('liveness', report)
      chain.liveness.push(report)
      return {digest: 'reported', gasMist: 1n}
    },
    storeResponses: async (responses) => {
      chain.before('store', responses)
      await sleep(chain.storeMs)
      chain.batches.push(responses.length)
      chain.stored.push(...responses)
      return {digest: 'stored', gasMist: 1n}
    },
    requestEnds: async (ids) => ids.map((id) => chain.ends.get(id)),
    pruneRequests: async (ids) => {
      chain.before('prune', ids)
      chain.prunings.push(ids.length)
      for (const id of ids) if (!chain.ends.delete(id)) throw daasError('OBJECT_MISSING', {id})
      return {digest: 'pruned', gasMist: -1n}
    },
    endSessions: async (ended) => {
      chain.before('end', ended)
      chain.ended.push(...ended)
      return {digest: 'ended'}
    },
    async *events({after, signal, onSubscribed}) {
      let at = after === undefined ? ledger.length : (after[0]! << 8) | after[1]!
      onSubscribed()
      for (;;) {
        while (at < ledger.length) yield ledger[at++]!
        await sleep(2, undefined, {signal})
      }
    },
  }
  return chain
}
