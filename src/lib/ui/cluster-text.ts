import type {GrantResult, RevokeResult} from '../cluster/grant.ts'
import type {SetClusterResult} from '../cluster/set-cluster.ts'
import {renderAct} from './admin-text.ts'

/** `daas cluster grant` */
export function renderGrant(result: GrantResult): string {
  return renderAct(result, `granted ${result.address}`, '', [
    ['grant', result.grant],
    ['permissions', result.permissions.join(' ')],
    ['namespaces', result.namespaces.join(' ')],
    ['expires', result.expiresAt],
  ])
}

/** `daas cluster revoke` */
export function renderRevoke(result: RevokeResult): string {
  return renderAct(result, `revoked what ${result.address} was granted`, 'all was revoked already', [
    ['grants', result.grants.join(' ') || undefined],
  ])
}

/** `daas cluster set` */
export function renderSetCluster(result: SetClusterResult): string {
  return renderAct(result, `set ${result.set.join(', ')}`, '', [])
}
