import type {Administered} from '../cluster/administer.ts'
import type {ExecutedResult} from '../cluster/execute-signed.ts'
import type {EndpointsSet, KeysDropped, ListenerAdded, ListenerRevoked} from '../cluster/listeners.ts'
import type {NameReleased, NodeScored} from '../cluster/nodes.ts'
import type {PruneResult} from '../cluster/prune.ts'
import type {RevokeSealsResult} from '../cluster/seals.ts'
import type {MigrateResult, UpgradeResult} from '../cluster/upgrade.ts'
import {formatSui} from '../sui/amount.ts'
import {renderFields} from './table.ts'

/** `daas cluster upgrade` */
export function renderUpgrade(result: UpgradeResult): string {
  const already = `package ${result.from} is this version already`
  const text = renderAct(result, `published version ${result.version}`, already, [
    ['package', result.package],
    ['before', result.from],
  ])
  return result.changed ? `${text}\nnext: daas cluster migrate` : text
}

/** `daas cluster migrate` */
export function renderMigrate(result: MigrateResult): string {
  const done = `migrated from version ${result.from} to ${result.to ?? ''}`
  return renderAct(result, done, `migrated already: version ${result.from}`, [['package', result.package]])
}

/** `daas cluster revoke-seal` */
export function renderRevokeSeals(result: RevokeSealsResult): string {
  const {seals, before, forgotten} = result
  const done = forgotten ? 'forgot seals' : 'revoked seals'
  return renderAct(result, done, 'nothing to do', [
    ['seals', seals.join(' ') || undefined],
    ['made before', before],
  ])
}

/** `daas cluster listener add` */
export function renderListenerAdded(result: ListenerAdded): string {
  return renderAct(result, `${result.address} may listen`, '', [['listener cap', result.listenerCap]])
}

/** `daas cluster listener revoke` */
export function renderListenerRevoked(result: ListenerRevoked): string {
  return renderAct(result, 'revoked the ListenerCap', 'it is no ListenerCap of this cluster, or revoked', [
    ['listener cap', result.listenerCap],
  ])
}

/** `daas cluster listener drop-keys` */
export function renderKeysDropped(result: KeysDropped): string {
  return renderAct(result, 'the previous keys are good no more', 'there are no previous keys', [
    ['key', String(result.keyEpoch)],
  ])
}

/** `daas cluster release-name` */
export function renderNameReleased(result: NameReleased): string {
  return renderAct(result, `${result.node} is free`, `${result.node} is free already`, [
    ['worker', result.worker],
  ])
}

/** `daas cluster score` */
export function renderNodeScored(result: NodeScored): string {
  return renderAct(result, `scored ${result.node} ${result.score}`, `${result.node} has that score already`, [
    ['worker', result.worker],
  ])
}

/** `daas cluster prune` */
export function renderPrune(result: PruneResult): string {
  return renderAct(result, 'deleted what is over', 'nothing is over', [
    ['requests', result.requests.join(' ') || undefined],
    ['grants', result.grants.join(' ') || undefined],
    ['tickets', result.tickets.join(' ') || undefined],
  ])
}

/** `daas cluster endpoints` */
export function renderEndpoints(result: EndpointsSet): string {
  const lines = result.endpoints.map(
    ({minStake, urls}) => [`from ${formatSui(minStake)}`, urls.join(' ')] as [string, string],
  )
  return renderAct(result, 'set the endpoints', '', lines)
}

/** `daas cluster execute` */
export function renderExecuted(result: ExecutedResult): string {
  return [
    'executed',
    renderFields([
      ['transaction', result.digest],
      ['sender', result.sender],
      ...result.created.map(({type, objectId}) => [type.split('::').at(-1) ?? type, objectId] as const),
      ['gas', formatSui(result.gasMist)],
    ]),
  ].join('\n')
}

/** How an act of an administrator went: the headline, what it is about, the transaction. */
export function renderAct(
  result: Administered,
  done: string,
  already: string,
  fields: [string, string | undefined][],
): string {
  const {digest, gasMist, budgetMist} = result
  return [
    result.dryRun ? 'dry run: nothing was sent' : result.changed ? done : already,
    renderFields([
      ['cluster', result.cluster],
      ...fields,
      ['transaction', digest],
      ['gas', gasMist === undefined ? undefined : formatSui(gasMist)],
      ['budget', budgetMist === undefined ? undefined : formatSui(budgetMist)],
    ]),
  ].join('\n')
}
