import type {Administered} from '../cluster/administer.ts'
import type {GrantResult, RevokeResult} from '../cluster/grant.ts'
import type {SetClusterResult} from '../cluster/set-cluster.ts'
import {formatSui} from '../sui/amount.ts'
import {renderFields} from './table.ts'

/** `daas cluster grant` */
export function renderGrant(result: GrantResult): string {
  return text(result, `granted ${result.address}`, '', [
    ['grant', result.grant],
    ['permissions', result.permissions.join(' ')],
    ['namespaces', result.namespaces.join(' ')],
    ['expires', result.expiresAt],
  ])
}

/** `daas cluster revoke` */
export function renderRevoke(result: RevokeResult): string {
  return text(result, `revoked what ${result.address} was granted`, 'all was revoked already', [
    ['grants', result.grants.join(' ') || undefined],
  ])
}

/** `daas cluster set` */
export function renderSetCluster(result: SetClusterResult): string {
  return text(result, `set ${result.set.join(', ')}`, '', [])
}

function text(
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
