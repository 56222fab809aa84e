import {join, resolve} from 'node:path'
import type {Interfaces} from '@oclif/core'
import {checkedAgentArgs, checkedTaints} from '../k3s/agent-options.ts'
import {selectPhases} from '../k3s/join-phases.ts'
import type {RunNodeOptions} from '../k3s/run-node-types.ts'
import type {chainFlags, signerFlags} from './flags.ts'
import type {joinFlags} from './join-flags.ts'

/** The flags of `daas join` as they were given. */
export type JoinFlagValues = Interfaces.InferredFlags<
  typeof joinFlags & typeof chainFlags & typeof signerFlags
>

/** For the agent to end by itself, ms. */
export const AGENT_GRACE_MS = 10_000

/**
 * Reads the flags of `daas join` into what a node is run with.
 * @param passed what stood behind `--`
 * @param dirs daas' own directories
 * @throws USAGE, AMOUNT_INVALID, AGENT_ARGUMENT_RESERVED
 */
export async function readJoinOptions(
  flags: JoinFlagValues,
  passed: readonly string[],
  dirs: {readonly dataDir: string; readonly cacheDir: string},
): Promise<Omit<RunNodeOptions, 'cluster'>> {
  const [{parseAmount}, {checkedNodeName}, {parseLabels}, {K3S_RELEASES}] = await Promise.all([
    import('../sui/amount.ts'),
    import('../stake/subject.ts'),
    import('../k3s/labels.ts'),
    import('../k3s/binary.ts'),
  ])
  const nodeName = checkedNodeName(flags.node)
  return {
    nodeName,
    labels: parseLabels(flags.label ?? []),
    taints: checkedTaints(flags.taint ?? []),
    extraArgs: checkedAgentArgs(passed),
    phases: selectPhases({only: flags.phase ?? [], skip: flags['skip-phase'] ?? []}),
    ...(flags.amount !== undefined && {amount: parseAmount(flags.amount)}),
    dataDir: resolve(flags['data-dir'] ?? join(dirs.dataDir, 'nodes', nodeName)),
    ...(flags['node-ip'] !== undefined && {nodeIp: flags['node-ip']}),
    rootless: flags.rootless,
    k3s: {
      ...(flags['k3s-bin'] !== undefined && {bin: flags['k3s-bin']}),
      ...(flags['k3s-sha256'] !== undefined && {sha256: flags['k3s-sha256']}),
      cacheDir: join(dirs.cacheDir, 'k3s'),
      download: {
        baseUrl: flags['k3s-mirror'] ?? K3S_RELEASES,
        platform: process.platform,
        arch: process.arch,
      },
    },
    ignorePreflight: flags['ignore-preflight'] ?? [],
    timeoutMs: flags.timeout * 1000,
    graceMs: AGENT_GRACE_MS,
    heartbeatMs: flags['heartbeat-interval'] * 1000,
    heartbeatOnChain: flags.heartbeat === 'chain',
    renew: flags.renew,
  }
}
