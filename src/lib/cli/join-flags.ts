import {resolve} from 'node:path'
import {Flags} from './flags.ts'

/** The flags of `daas join` but those of chain and key. */
export const joinFlags = {
  node: Flags.string({
    char: 'n',
    summary: 'name of the node',
    helpValue: 'NAME',
    env: 'DAAS_NODE',
    required: true,
  }),
  amount: Flags.string({
    char: 'a',
    summary: 'how much to stake where nothing is staked yet (default: the minimum)',
    helpValue: 'AMOUNT',
    env: 'DAAS_AMOUNT',
  }),
  'k3s-bin': Flags.string({
    summary: 'the k3s binary to use (default: PATH, then the cache)',
    helpValue: 'FILE',
    env: 'DAAS_K3S_BIN',
  }),
  'k3s-mirror': Flags.string({
    summary: 'base URL to fetch k3s releases from',
    helpValue: 'URL',
    env: 'DAAS_K3S_MIRROR',
  }),
  'k3s-sha256': Flags.string({
    summary: 'SHA-256 that the k3s binary must have',
    helpValue: 'HEX',
    env: 'DAAS_K3S_SHA256',
  }),
  // Not DAAS_DATA_DIR: that one is where daas itself keeps stakes' tokens and the state of all nodes.
  'data-dir': Flags.string({
    summary: 'data directory of the agent',
    helpValue: 'DIR',
    env: 'DAAS_AGENT_DATA_DIR',
  }),
  'node-ip': Flags.string({summary: 'address of the node', helpValue: 'IP', env: 'DAAS_NODE_IP'}),
  label: Flags.string({
    summary: 'label of the node, key=value',
    helpValue: 'KEY=VALUE',
    env: 'DAAS_LABEL',
    multiple: true,
  }),
  taint: Flags.string({
    summary: 'taint of the node, key=value:Effect',
    helpValue: 'KEY=VALUE:EFFECT',
    env: 'DAAS_TAINT',
    multiple: true,
  }),
  rootless: Flags.boolean({
    summary: 'run the agent without root',
    env: 'DAAS_ROOTLESS',
    default: false,
  }),
  'ignore-preflight': Flags.string({
    summary: 'name of a check whose failure is accepted, or all',
    helpValue: 'CHECK',
    env: 'DAAS_IGNORE_PREFLIGHT',
    multiple: true,
  }),
  phase: Flags.string({
    summary: 'run this phase only (may be given again)',
    helpValue: 'PHASE',
    env: 'DAAS_PHASE',
    multiple: true,
    helpGroup: 'PHASES',
  }),
  'skip-phase': Flags.string({
    summary: 'leave this phase out (may be given again)',
    helpValue: 'PHASE',
    env: 'DAAS_SKIP_PHASE',
    multiple: true,
    helpGroup: 'PHASES',
  }),
  timeout: Flags.integer({
    summary: 'seconds from the registration until the node must be Ready',
    helpValue: 'SECONDS',
    env: 'DAAS_TIMEOUT',
    default: 300,
    min: 1,
  }),
  'heartbeat-interval': Flags.integer({
    summary: 'seconds between heartbeats',
    helpValue: 'SECONDS',
    env: 'DAAS_HEARTBEAT_INTERVAL',
    default: 30,
    min: 1,
  }),
  heartbeat: Flags.string({
    summary: 'who is told that the node lives: the listener, or the chain too',
    env: 'DAAS_HEARTBEAT',
    options: ['listener', 'chain'],
    default: 'listener',
  }),
  renew: Flags.boolean({
    summary: 'renew the seal before it ends',
    env: 'DAAS_RENEW',
    default: true,
    allowNo: true,
  }),
  detach: Flags.boolean({
    summary: 'return when the node is in, and go on in the background',
    env: 'DAAS_DETACH',
    exclusive: ['systemd'],
    helpGroup: 'RUN',
  }),
  systemd: Flags.boolean({
    summary: 'install and start a systemd unit that does it (root)',
    env: 'DAAS_SYSTEMD',
    helpGroup: 'RUN',
  }),
  print: Flags.boolean({
    summary: 'print the unit instead of installing it',
    env: 'DAAS_PRINT_UNIT',
    dependsOn: ['systemd'],
    helpGroup: 'RUN',
  }),
  'dry-run': Flags.boolean({
    summary: 'check, simulate and show everything, do nothing',
    env: 'DAAS_DRY_RUN',
    helpGroup: 'RUN',
  }),
  'print-command': Flags.boolean({
    summary: 'print a script that starts the agent: its configuration and command line; do nothing',
    env: 'DAAS_PRINT_COMMAND',
    exclusive: ['dry-run', 'detach', 'systemd'],
    helpGroup: 'RUN',
  }),
  'print-cloud-init': Flags.boolean({
    summary: 'print user data with which a fresh machine joins, do nothing',
    env: 'DAAS_PRINT_CLOUD_INIT',
    exclusive: ['dry-run', 'detach', 'systemd', 'print-command'],
    helpGroup: 'RUN',
  }),
}

/** Those that say how to run, not what to join: a unit or a run in the background goes without them. */
const RUN_FLAGS = new Set(['detach', 'systemd', 'print', 'dry-run', 'print-command', 'print-cloud-init'])

/** Another process may run elsewhere. */
const PATH_FLAGS = new Set(['k3s-bin', 'data-dir'])

/**
 * The command line with which another process does what this one was asked for. Rendered from what the flags came to,
 * not from what was typed: half of it may have come from this process' environment. Chain and key are not in it; the
 * other process finds them in its own environment.
 * @param flags as they were parsed
 * @param passed the arguments behind `--`
 */
export function unattendedArgs(
  flags: Readonly<Record<string, unknown>>,
  passed: readonly string[],
): string[] {
  const args = Object.entries(joinFlags).flatMap(([name, {default: preset}]) => {
    const value = flags[name]
    if (value === undefined || value === preset || RUN_FLAGS.has(name)) return []
    if (typeof value === 'boolean') return value ? [`--${name}`] : preset === true ? [`--no-${name}`] : []
    const values = Array.isArray(value) ? value.map(String) : [String(value)]
    return values.flatMap((each) => [`--${name}`, PATH_FLAGS.has(name) ? resolve(each) : each])
  })
  return ['join', ...args, ...(passed.length > 0 ? ['--', ...passed] : [])]
}
