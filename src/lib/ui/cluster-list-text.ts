import type {ListedCluster} from '../cluster/list-clusters.ts'
import {renderTable} from './table.ts'

/** `daas cluster list` */
export function renderClusterList(clusters: readonly ListedCluster[]): string {
  if (clusters.length === 0) return 'no cluster is known; name one: daas cluster use NAME 0x…'
  const rows = clusters.map((each) => [
    each.current ? '*' : '',
    each.name ?? '-',
    each.nameOnChain ?? '-',
    each.cluster,
    each.network ?? '-',
    each.roles.join(',') || '-',
    each.package ?? '-',
  ])
  return renderTable(['', 'NAME', 'ON CHAIN', 'CLUSTER', 'NETWORK', 'ROLES', 'PACKAGE'], rows)
}
