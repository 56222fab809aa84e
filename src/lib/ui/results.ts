import type {ClusterView} from '../cluster/cluster-view.ts'
import type {CreateClusterResult} from '../cluster/create-cluster.ts'
import type {SealResult} from '../stake/seal.ts'
import type {SlashResult} from '../stake/slash.ts'
import type {StakeResult} from '../stake/stake.ts'
import type {UnsealResult} from '../stake/unseal.ts'
import type {UnstakeResult} from '../stake/unstake.ts'
import {formatSui} from '../sui/amount.ts'
import {renderFields} from './table.ts'

interface Sent {
  readonly changed: boolean
  readonly dryRun?: boolean
  readonly digest?: string
  readonly gasMist?: bigint
  readonly budgetMist?: bigint
}

/** The lines about the transaction that every sending command shows. */
function sentFields({digest, gasMist, budgetMist}: Sent): [string, string | undefined][] {
  return [
    ['transaction', digest],
    ['gas', gasMist === undefined ? undefined : formatSui(gasMist)],
    ['budget', budgetMist === undefined ? undefined : formatSui(budgetMist)],
  ]
}

function headline(result: Sent, done: string, already: string): string {
  if (result.dryRun) return 'dry run: nothing was sent'
  return result.changed ? done : already
}

/** `daas stake` */
export function renderStake(result: StakeResult): string {
  const whom = result.node === undefined ? 'as a user' : `for node ${result.node}`
  const amount = formatSui(result.amountMist)
  return [
    headline(result, `staked ${amount} ${whom}`, `already staked: ${amount} ${whom}`),
    renderFields([
      ['added', result.addedMist === undefined ? undefined : formatSui(result.addedMist)],
      ['stake', result.stake],
      ['cluster', result.cluster],
      ...sentFields(result),
    ]),
  ].join('\n')
}

/** `daas seal` */
export function renderSeal(result: SealResult): string {
  return [
    headline(result, 'sealed the stake', 'already sealed'),
    renderFields([
      ['seal', result.seal],
      ['stake', result.stake],
      // A worker's seal has none: it joins a node and runs no commands.
      ['permissions', result.permissions?.join(' ') || undefined],
      ['expires', result.expiresAt],
      ['token file', result.tokenFile],
      ...sentFields(result),
    ]),
  ].join('\n')
}

/** `daas unseal` */
export function renderUnseal(result: UnsealResult): string {
  return [
    headline(result, 'ended the seals', 'there is no such seal'),
    renderFields([['seals', result.seals.join(' ') || undefined], ...sentFields(result)]),
  ].join('\n')
}

/** `daas unstake` */
export function renderUnstake(result: UnstakeResult): string {
  return [
    headline(
      result,
      result.unbondingUntil === undefined
        ? `withdrew ${formatSui(result.amountMist)}`
        : `unbonding; run it again after ${result.unbondingUntil}`,
      'nothing to withdraw',
    ),
    renderFields([['stake', result.stake], ...sentFields(result)]),
  ].join('\n')
}

/** `daas slash` */
export function renderSlash(result: SlashResult): string {
  return [
    headline(result, `slashed ${formatSui(result.slashedMist)}`, 'nothing slashed'),
    renderFields([
      ['node', result.node],
      ['stake', result.stake],
      ['remaining', formatSui(result.remainingMist)],
      ...sentFields(result),
    ]),
  ].join('\n')
}

/** `daas cluster create` */
export function renderCreateCluster(result: CreateClusterResult): string {
  return [
    `created cluster ${result.name}`,
    renderFields([
      ['cluster', result.cluster],
      ['package', result.package],
      ['admin cap', result.adminCap],
      ['listener cap', `${result.listenerCap} (held by ${result.listener})`],
      ['transactions', result.digests.join(' ')],
      ['gas', formatSui(result.gasMist)],
    ]),
    `next: DAAS_CLUSTER=${result.cluster} daas listen`,
  ].join('\n')
}

/** `daas cluster info` */
export function renderCluster(view: ClusterView): string {
  return renderFields([
    ['cluster', view.cluster],
    ['name', view.name],
    ['package', view.package],
    ['called', view.callPackage === view.package ? undefined : view.callPackage],
    ['listener', view.listenerUrls.join(' ') || 'not announced'],
    ...view.endpoints.map(({minStake, urls}) => [`from ${formatSui(minStake)}`, urls.join(' ')] as const),
    ...view.listeners.map(
      ({cap, status, lastHeartbeat = ''}) =>
        ['listener cap', `${cap} ${status} ${lastHeartbeat}`.trim()] as const,
    ),
    ['server', view.k3sUrl || 'not announced'],
    ['k3s', view.k3sVersion],
    ['minimum stake', `node ${formatSui(view.minStakeMist.node)}, user ${formatSui(view.minStakeMist.user)}`],
    ['slash share', `${Number(view.slashBps) / 100} %`],
    ...view.tiers.map(
      ({minStake, permissions}) => [`tier ${formatSui(minStake)}`, permissions.join(' ')] as const,
    ),
    ['treasury', view.treasury],
    ['paused', view.paused ? 'yes' : 'no'],
  ])
}
