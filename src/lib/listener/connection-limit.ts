import type {Socket} from 'node:net'

/** Judges connections by where they come from. */
export interface ConnectionLimit {
  /** @returns false where its address has as many unproven ones as it may have: it is to be closed */
  admit(socket: Socket): boolean
  /** It has shown a good token, or a session's: it counts no longer. */
  prove(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): void
}

/**
 * Limits, for each address, the connections that have not proven anything yet: one who opens many and says little
 * on them (slow loris) takes no places from others, and a thousand nodes behind one address are not limited.
 */
export function createConnectionLimit(perAddress: number): ConnectionLimit {
  const unproven = new Map<string, Set<number>>()

  function forget(address: string, port: number): void {
    const ports = unproven.get(address)
    ports?.delete(port)
    if (ports?.size === 0) unproven.delete(address)
  }

  return {
    admit(socket) {
      const {remoteAddress, remotePort} = socket
      // It is gone already.
      if (remoteAddress === undefined || remotePort === undefined) return false
      const ports = unproven.get(remoteAddress) ?? new Set()
      if (ports.size >= perAddress) return false
      unproven.set(remoteAddress, ports.add(remotePort))
      socket.once('close', () => forget(remoteAddress, remotePort))
      return true
    },
    prove({remoteAddress, remotePort}) {
      if (remoteAddress !== undefined && remotePort !== undefined) forget(remoteAddress, remotePort)
    },
  }
}
