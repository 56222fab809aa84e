import type {ListedNode, NodeInKubernetes} from '../status/nodes.ts'
import {formatSui} from '../sui/amount.ts'
import {styleFor} from './style.ts'
import {renderTable} from './table.ts'

/** `daas nodes`: a line a node. @param asked whether Kubernetes was asked */
export function renderNodes(nodes: readonly ListedNode[], asked: boolean): string {
  if (nodes.length === 0) return 'no node is in this cluster'
  const style = styleFor(process.stdout)
  const paint = {ok: (text: string) => text, warning: style.yellow, error: style.red}
  const rows = nodes.map(({node, chain, kubernetes, state, message}) => [
    node,
    chain?.status ?? '-',
    chain
      ? `${formatSui(chain.stakedMist)}${chain.stakeStatus === 'active' ? '' : ` (${chain.stakeStatus})`}`
      : '-',
    ...(asked ? [kubernetes ? describe(kubernetes) : '-', kubernetes?.version ?? '-'] : []),
    chain?.owner ?? '-',
    paint[state](message ?? state),
  ])
  const head = ['NODE', 'CHAIN', 'STAKE', ...(asked ? ['KUBERNETES', 'VERSION'] : []), 'OWNER', 'STATE']
  return renderTable(head, rows)
}

/** As kubectl says it. */
function describe({ready, schedulable}: NodeInKubernetes): string {
  return `${ready ? 'Ready' : 'NotReady'}${schedulable ? '' : ',SchedulingDisabled'}`
}
