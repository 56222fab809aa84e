import {decodeEvent} from '../contracts/events.ts'
import {joinChunks} from '../seal/chunks.ts'
import type {ChainEvent} from '../sui/event-stream.ts'
import type {ListenerEvent} from './chain-port.ts'

/** Makes of an event of the package what the listener acts on; those of other clusters are `other`. */
export function toListenerEvent(event: ChainEvent, clusterId: string): ListenerEvent {
  const {id, cursor} = event
  const decoded = decodeEvent(event)
  const other: ListenerEvent = {id, cursor, kind: 'other', name: event.name}
  if (decoded === undefined || !('cluster' in decoded) || decoded.cluster !== clusterId) return other
  switch (decoded.$kind) {
    case 'K8sAPIRequest': {
      const {$kind: _, expiresAtMs, envelope, ...request} = decoded
      return {
        id,
        cursor,
        kind: 'request',
        request: {...request, expiresAtMs: Number(expiresAtMs), envelope: joinChunks(envelope)},
      }
    }

    case 'StakeSlashed':
      return {id, cursor, kind: 'stake-lost', stake: decoded.stake, reason: 'stake slashed'}
    case 'StakeWithdrawn':
      return {id, cursor, kind: 'stake-lost', stake: decoded.stake, reason: 'stake withdrawn'}
    case 'UnstakeRequested':
      return {id, cursor, kind: 'stake-lost', stake: decoded.stake, reason: 'unstake requested'}
    // A seal of a grant names the grant where others name their stake.
    case 'PermissionRevoked':
      return {id, cursor, kind: 'stake-lost', stake: decoded.grant, reason: 'seal revoked'}
    case 'SealTokenRotated':
      return {id, cursor, kind: 'seal-rotated', seal: decoded.seal}
    case 'SealTokenRevoked':
    case 'SealRevokedByAdmin':
      return {id, cursor, kind: 'seal-lost', seal: decoded.seal, reason: 'seal revoked'}
    default:
      return other
  }
}
