import {ADOPTED, type AllowList} from '../kube/allow-list.ts'
import {deleteBootstrapSecret} from '../kube/bootstrap-secret.ts'
import {evictNode} from '../kube/evict.ts'
import type {KubeHttp} from '../kube/kube-http.ts'
import {listNodes} from '../kube/list-nodes.ts'
import type {ListenerChain} from './chain-port.ts'
import {every} from './every.ts'
import type {Journal} from './journal.ts'
import type {ListenerLogger} from './logger.ts'
import {deleteStray} from './nodes.ts'
import {lossesOf} from './losses.ts'

/** What the sweeps need. */
export interface SweepDeps {
  chain: ListenerChain
  http: KubeHttp
  allowList: AllowList
  journal: Journal
  logger: ListenerLogger
  clock: () => number
  signal: AbortSignal
  everyMs: number
  /** The journal says of a worker that it must go. */
  onLost: () => void
}

/** How many workers are compared with the chain in one sweep: their turn comes round. */
const AUDIT_BATCH = 1000
/** How long after its end a seal may still be renewed by a worker that was late, ms. */
const SEAL_GRACE_MS = 60_000

/** Looks at all Nodes for those without a place: what the watch should have seen, and could not deal with. */
export async function keepSweepingNodes(deps: SweepDeps): Promise<void> {
  await every({...deps, what: 'sweep of nodes'}, async () => {
    for (const node of await listNodes(deps.http, deps.signal)) await deleteStray(deps, node)
  })
}

/**
 * Looks for what an interrupted registration or a lost journal left: Secrets without a join, names on the allow-list
 * without a worker; and for workers whose stake or seal is gone without an event having said so.
 */
export async function keepSweepingOrphans(deps: SweepDeps): Promise<void> {
  let from = 0
  await every({...deps, what: 'sweep of orphans'}, async () => {
    await sweepSecrets(deps)
    await sweepAllowList(deps)
    from = await auditWorkers(deps, from)
  })
}

async function sweepSecrets({http, journal, logger, signal}: SweepDeps): Promise<void> {
  const noted = journal.secrets.all()
  const awaited = new Set(journal.workers.byState('pending').map(({tokenId}) => tokenId))
  for (const tokenId of noted.filter((id) => !awaited.has(id))) {
    if (await deleteBootstrapSecret(http, tokenId, {signal}))
      logger.warn({tokenId}, 'a token without a join was deleted')
    journal.secrets.forget(tokenId)
  }
}

/** A name that the journal does not know: of a journal that was lost, then the chain decides. */
async function sweepAllowList(deps: SweepDeps): Promise<void> {
  const {http, allowList, journal, chain, logger, signal} = deps
  for (const [nodeName, stake] of Object.entries(await allowList.read(signal))) {
    if (stake === ADOPTED || journal.workers.get(nodeName) !== undefined) continue
    const held = await chain.readStake(stake, signal)
    if (held?.status === 'active' && held.nodeId === nodeName) continue
    if (journal.workers.get(nodeName) !== undefined) continue
    await evictNode(http, {nodeName, graceMs: 0, signal})
    logger.warn({nodeName, stake}, 'a name on the allow-list without a stake was taken off, with its node')
  }
}

async function auditWorkers(deps: SweepDeps, from: number): Promise<number> {
  const {journal, chain, clock, logger, signal} = deps
  const workers = journal.workers.byState('pending', 'registered')
  const batch = workers.slice(from, from + AUDIT_BATCH)
  for (const [{nodeName, stake, seal}, standing] of await lossesOf(chain, batch, signal)) {
    const {reason} = standing
    if (reason !== undefined) {
      logger.warn({nodeName, stake, seal, reason}, 'lost without an event')
      journal.workers.evictStake(stake, reason)
      deps.onLost()
      continue
    }

    if ((standing.seal?.expiresAtMs ?? 0) + SEAL_GRACE_MS > clock()) continue
    // It may seal anew and come back: no eviction, which is for good.
    if (journal.workers.leave(nodeName, 'its seal expired')) deps.onLost()
  }

  return from + AUDIT_BATCH >= workers.length ? 0 : from + AUDIT_BATCH
}
