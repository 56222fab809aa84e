import {timingSafeEqual} from 'node:crypto'
import type {IncomingMessage} from 'node:http'
import {daasError, type DaasError} from '../errors/daas-error.ts'
import {SEAL_HEADER} from '../seal/envelope-reference.ts'
import {hashSealToken} from '../seal/token.ts'
import type {ListenerChain} from './chain-port.ts'

/** What checking a seal token needs. */
export interface SealCheckDeps {
  chain: Pick<ListenerChain, 'readSeal'>
  clusterId: string
  clock: () => number
  signal: AbortSignal
}

/**
 * Checks the token that comes with a request against the seal that its header names, as the chain has it now.
 * @param refuse makes the error of what the token is asked for
 * @returns object id of the seal
 * @throws REGISTRATION_TOKEN_WRONG; what `refuse` makes, where no seal is named or the seal is of no use here
 */
export async function checkSealToken(
  {chain, clusterId, clock, signal}: SealCheckDeps,
  {headers}: Pick<IncomingMessage, 'headers'>,
  token: string,
  refuse: (reason: string) => DaasError,
): Promise<string> {
  const id = headers[SEAL_HEADER]
  if (typeof id !== 'string' || !/^0x[0-9a-f]{64}$/.test(id)) {
    throw refuse(`it names no seal in ${SEAL_HEADER}`)
  }

  const seal = await chain.readSeal(id, signal)
  const given = hashSealToken(token)
  const known = seal?.tokenHash ?? new Uint8Array()
  if (known.length !== given.length || !timingSafeEqual(given, known)) {
    throw daasError('REGISTRATION_TOKEN_WRONG', {})
  }

  if (seal?.cluster !== clusterId || seal.revoked || seal.expiresAtMs <= clock()) {
    throw refuse('its seal is no longer, or not here, of use')
  }

  return id
}
