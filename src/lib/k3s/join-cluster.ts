import type {ClusterInfo} from '../contracts/reads.ts'
import type {JoinCluster} from './join-types.ts'

/** What of a Cluster object a join goes by. */
export function joinClusterOf(info: ClusterInfo): JoinCluster {
  const {id, listenerUrls, listenerTlsPin: tlsPin, k3sUrl, caHash, k3sVersion} = info
  return {id, listenerUrls, tlsPin, k3sUrl, caHash, k3sVersion}
}
