import {isRevoked, type ClusterInfo, type SealInfo} from '../contracts/reads.ts'
import {isLive, type SealDeps} from './seal.ts'

/** What there is of seals of one kind. */
export interface ChosenSeal {
  /** A live one whose token is on this machine. */
  readonly atHand: {readonly seal: SealInfo; readonly tokenFile: string} | undefined
  /**
   * The one to renew rather than to make another: whose token is here, else one that is over. A live one whose token
   * is elsewhere is in use there.
   */
  readonly renewable: string | undefined
}

/** Looks through seals for one to use and one to renew; revoked ones are neither. */
export async function chooseSeal(
  {tokens, now}: Pick<SealDeps, 'tokens' | 'now'>,
  {cluster, seals}: {readonly cluster: ClusterInfo; readonly seals: readonly SealInfo[]},
): Promise<ChosenSeal> {
  const good = seals
    .filter((each) => !isRevoked(each, cluster))
    .sort((a, b) => Number(b.expiresAtMs - a.expiresAtMs))
  for (const seal of good) {
    const found = await tokens.find(seal.id, seal.tokenHash)
    if (!found) continue
    const atHand = isLive(seal, now()) ? {seal, tokenFile: found.file} : undefined
    return {atHand, renewable: seal.id}
  }

  return {atHand: undefined, renewable: good.find((each) => !isLive(each, now()))?.id}
}
