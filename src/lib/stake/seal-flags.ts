import type {SealInfo} from '../contracts/reads.ts'

/** Kinds of seals (docs/contracts.md). */
const GRANTED = 3
const OPERATOR = 4

/** The flags of `daas seal` that make or renew a seal of its kind, for people: what is to be put in stands in capitals. */
export function sealFlags({kind}: Pick<SealInfo, 'kind'>): string {
  if (kind === GRANTED) return '--grant'
  if (kind === OPERATOR) return '--node NAME --operator'
  return kind === 0 ? '--node NAME' : '--user'
}
