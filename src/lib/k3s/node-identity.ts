import {enroll, type Enrolled, type EnrollOptions} from '../stake/enroll.ts'
import {liveSeal} from '../stake/seal.ts'
import {renewSeal} from '../stake/renew.ts'
import {stake} from '../stake/stake.ts'
import {type Holding, readHolding} from '../stake/wallet.ts'
import type {JoinIdentity, JoinOptions} from './join-types.ts'
import type {RunNodeDeps, RunNodeOptions, Staked} from './run-node-types.ts'

type Deps = Pick<RunNodeDeps, 'execute' | 'url' | 'tokens' | 'now'>

/**
 * Finds stake and seal of a node, and makes what is missing as far as it may: both in one transaction, the stake
 * alone, the seal alone, nothing.
 * @param onKnown told before the join goes on, so that an interruption loses nothing
 * @returns what throws STAKE_MISSING, SEAL_MISSING, SEAL_EXPIRED, SEAL_TOKEN_LOST, and the errors of enroll and stake
 */
export function nodeIdentity(
  deps: Deps,
  options: RunNodeOptions,
  onKnown: (known: Enrolled | Staked) => Promise<void>,
): JoinOptions['identity'] {
  const asked = enrollOptions(options)
  return async (may) => {
    const staked = may.stake && !may.seal ? await stakeAlone(deps, options) : undefined
    if (staked && !may.needed) {
      await onKnown(staked)
      return {stake: staked.stake}
    }

    if (!may.stake || !may.seal) {
      // Where a stake may not be made, or no seal: what is there has to do.
      const holding = await holdingOf(deps, options)
      if (!may.seal || !holding.ticket) return report(await enrolledAlready(deps, options, holding))
    }

    return report(await enroll(deps, asked))
  }

  async function report(enrolled: Enrolled): ReturnType<JoinOptions['identity']> {
    await onKnown(enrolled)
    const {stake: staked, seal, token} = enrolled
    return {stake: staked, identity: {stake: staked, seal, sealToken: token, signer: deps.execute.signer}}
  }
}

/**
 * Gives the seal of a node a new token; stake and seal stay the same.
 * @throws those of renewSeal
 */
export async function redrawToken(
  deps: Deps,
  {cluster}: Pick<RunNodeOptions, 'cluster'>,
  identity: JoinIdentity,
): Promise<JoinIdentity> {
  const {stake: staked, seal} = identity
  const {token} = await renewSeal(deps, {cluster, stake: staked, seal})
  return {...identity, sealToken: token}
}

/** What is enrolled for a node. */
export function enrollOptions(
  options: Pick<RunNodeOptions, 'cluster' | 'nodeName' | 'amount'>,
): EnrollOptions {
  return {
    cluster: options.cluster.id,
    subject: {kind: 'node', name: options.nodeName},
    ...(options.amount !== undefined && {amount: options.amount}),
  }
}

async function stakeAlone(deps: Deps, options: RunNodeOptions): Promise<Staked> {
  const {cluster, subject} = enrollOptions(options)
  const amount = options.amount ?? options.cluster.minStake[0] ?? 0n
  const made = await stake(deps, {cluster, subject, amount})
  if (made.stake === undefined) throw new Error('the transaction made no stake')
  const {changed, stake: id, digest, gasMist} = made
  return {changed, stake: id, ...(digest !== undefined && {digest}), ...(gasMist !== undefined && {gasMist})}
}

function holdingOf({execute, url}: Deps, options: RunNodeOptions): Promise<Holding> {
  const {cluster, subject} = enrollOptions(options)
  return readHolding({client: execute.client, url, owner: execute.signer.toSuiAddress(), cluster, subject})
}

/** Stake and seal as they are: nothing is sent. */
async function enrolledAlready(deps: Deps, options: RunNodeOptions, holding: Holding): Promise<Enrolled> {
  const {tokens, now, execute} = deps
  const owner = execute.signer.toSuiAddress()
  const {seal, token, tokenFile} = await liveSeal(
    holding,
    {tokens, now, owner},
    enrollOptions(options).subject,
  )
  return {changed: false, stake: seal.stake, seal: seal.id, token, tokenFile}
}
