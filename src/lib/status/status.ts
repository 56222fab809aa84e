import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {readListenerCaps} from '../contracts/heartbeat.ts'
import {listenerPinsOf, listenerUrlsFor} from '../contracts/listener-access.ts'
import {readStake, findWorker, type StakeInfo} from '../contracts/reads.ts'
import {DaasError} from '../errors/daas-error.ts'
import type {WorkerStatus} from '../seal/registration.ts'
import {isLive} from '../stake/seal.ts'
import {describeSubject, subjectFlags, type Subject} from '../stake/subject.ts'
import {readHolding, type Holding} from '../stake/wallet.ts'
import {formatSui} from '../sui/amount.ts'
import {toRpcError} from '../sui/rpc-errors.ts'
import type {WorkerQuestion} from './ask-worker.ts'
import {nodeSection, type HeardOfNode} from './node-section.ts'
import type {ListenerAt} from './ping-listener.ts'

/** One part of the picture: how it is, in a sentence, and what to do about it. */
export interface StatusSection {
  readonly name: 'chain' | 'stake' | 'seal' | 'node' | 'listener'
  readonly state: 'ok' | 'warning' | 'error'
  readonly message: string
  readonly fix?: string
  /** Facts for machines. */
  readonly facts?: Readonly<Record<string, unknown>>
}

/** The whole picture. */
export interface StatusResult {
  readonly healthy: boolean
  readonly cluster: string
  readonly address: string
  readonly node?: string
  readonly sections: readonly StatusSection[]
}

/** What the picture is made from. */
export interface StatusDeps {
  readonly client: SuiGrpcClient
  readonly url: string
  readonly owner: string
  readonly now: () => number
  /** Asks a listener for its liveness; throws when none of its URLs answers. */
  readonly pingListener: (listener: ListenerAt) => Promise<void>
  /** Asks a listener about a node; undefined where it would not tell us. */
  readonly askWorker: (question: WorkerQuestion) => Promise<WorkerStatus | undefined>
}

const SECTION_DEADLINE_MS = 10_000
const STAKE_STATES = ['active', 'unbonding', 'slashed'] as const

/**
 * Looks at chain, stake, seal, node and listener side by side; each has its own deadline, and one that fails hides no
 * other.
 */
export async function readStatus(
  deps: StatusDeps,
  {cluster, subject}: {readonly cluster: string; readonly subject: Subject},
): Promise<StatusResult> {
  const {client, url, owner} = deps
  const base = {cluster, address: owner, ...(subject.kind === 'node' && {node: subject.name})}
  let holding: Holding
  try {
    holding = await withDeadline(readHolding({client, url, owner, cluster, subject}))
  } catch (error) {
    const chain = failed('chain', toRpcError(error, url))
    return {healthy: false, ...base, sections: [chain]}
  }

  const sections = await Promise.all([
    section('chain', () => chainSection(deps)),
    section('stake', () => stakeSection(deps, holding, subject)),
    section('seal', () => Promise.resolve(sealSection(deps, holding, subject))),
    ...(subject.kind === 'node' ? [section('node', () => readNode(deps, holding, subject.name))] : []),
    section('listener', () => listenerSection(deps, holding)),
  ])
  return {healthy: sections.every(({state}) => state === 'ok'), ...base, sections}
}

async function chainSection({client, url, owner}: StatusDeps): Promise<StatusSection> {
  const {balance} = await client.getBalance({owner})
  const mist = BigInt(balance.balance)
  const facts = {url, balanceMist: mist}
  return mist > 0n
    ? {name: 'chain', state: 'ok', message: `${url}, ${formatSui(mist)} in the wallet`, facts}
    : {name: 'chain', state: 'warning', message: 'the wallet is empty', fix: `send SUI to ${owner}`, facts}
}

async function stakeSection(deps: StatusDeps, {ticket}: Holding, subject: Subject): Promise<StatusSection> {
  if (!ticket) {
    const fix = `daas stake ${subjectFlags(subject)} --amount 1sui`
    return {name: 'stake', state: 'error', message: `nothing staked for ${describeSubject(subject)}`, fix}
  }

  const stake = await readStake(deps.client, ticket.stake)
  const status = STAKE_STATES[stake.status] ?? 'unknown'
  const facts = {
    stake: stake.id,
    status,
    amountMist: stake.balance,
    totalSlashedMist: stake.totalSlashed,
    lockedUntil: new Date(Number(stake.lockedUntilMs)).toISOString(),
  }
  const message = `${formatSui(stake.balance)}, ${status}`
  return status === 'active'
    ? {name: 'stake', state: 'ok', message, facts}
    : {name: 'stake', state: 'error', message, fix: `daas unstake ${subjectFlags(subject)}`, facts}
}

function sealSection(deps: StatusDeps, {seal}: Holding, subject: Subject): StatusSection {
  const fix = `daas seal ${subjectFlags(subject)}`
  if (!seal) return {name: 'seal', state: 'error', message: 'no seal', fix}
  const expiresAt = new Date(Number(seal.expiresAtMs)).toISOString()
  const facts = {seal: seal.id, expiresAt, permissions: seal.permissions}
  return isLive(seal, deps.now())
    ? {name: 'seal', state: 'ok', message: `lives until ${expiresAt}`, facts}
    : {name: 'seal', state: 'error', message: `expired at ${expiresAt}`, fix: `${fix} --renew`, facts}
}

async function readNode(deps: StatusDeps, holding: Holding, name: string): Promise<StatusSection> {
  const [worker, heard] = await Promise.all([
    findWorker(deps.client, holding.cluster, name),
    hearOfNode(deps, holding, name),
  ])
  return nodeSection(name, worker, heard, deps.now())
}

/** That the listener says nothing is no fault of the node: its own section tells. */
async function hearOfNode(deps: StatusDeps, {cluster, seal}: Holding, name: string): Promise<HeardOfNode> {
  if (!seal || !isLive(seal, deps.now())) return {}
  const urls = listenerUrlsFor(cluster, seal.stakeAmount)
  if (urls.length === 0) return {}
  try {
    const listener = {urls, pins: listenerPinsOf(cluster, deps.now())}
    const said = await deps.askWorker({listener, nodeName: name, seal})
    return said?.heartbeat ? {heartbeat: said.heartbeat} : {}
  } catch (error) {
    return {silence: error instanceof Error ? error.message : String(error)}
  }
}

async function listenerSection(deps: StatusDeps, {cluster, ticket}: Holding): Promise<StatusSection> {
  const stake = ticket && (await readStake(deps.client, ticket.stake).catch(unlessGone))
  const urls = listenerUrlsFor(cluster, stake?.balance ?? 0n)
  if (urls.length === 0) {
    return {
      name: 'listener',
      state: 'error',
      message: 'no listener announced',
      fix: 'its operator runs daas listen',
    }
  }

  const [caps] = await Promise.all([
    readListenerCaps(deps.client, cluster),
    deps.pingListener({urls, pins: listenerPinsOf(cluster, deps.now())}),
  ])
  const listeners = caps.map(({id, status, lastHeartbeatMs: at}) => ({
    cap: id,
    status,
    ...(at > 0n && {lastHeartbeat: new Date(Number(at)).toISOString()}),
  }))
  return {name: 'listener', state: 'ok', message: `${urls.join(' ')} answers`, facts: {urls, listeners}}
}

/** A stake that was withdrawn a moment ago has no tier. */
function unlessGone(error: unknown): StakeInfo | undefined {
  if (error instanceof DaasError && error.errorName === 'OBJECT_MISSING') return undefined
  throw error
}

async function section(
  name: StatusSection['name'],
  read: () => Promise<StatusSection>,
): Promise<StatusSection> {
  try {
    return await withDeadline(read())
  } catch (error) {
    return failed(name, error)
  }
}

function failed(name: StatusSection['name'], error: unknown): StatusSection {
  const message = error instanceof Error ? error.message : String(error)
  const fix = error instanceof DaasError ? error.suggestions[0] : undefined
  return {name, state: 'error', message, ...(fix !== undefined && {fix})}
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  const {promise, reject} = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`no answer in ${SECTION_DEADLINE_MS / 1000} s`)),
    SECTION_DEADLINE_MS,
  )
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
