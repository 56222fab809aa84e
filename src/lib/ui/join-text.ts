import type {AgentPlan, JoinPlan} from '../k3s/join-plan.ts'
import {shellLine} from '../k3s/agent-options.ts'
import type {PreflightResult} from '../k3s/preflight.ts'
import {formatSui} from '../sui/amount.ts'
import {styleFor} from './style.ts'
import {renderFields, renderTable} from './table.ts'

/** The checks of a machine, one a line, with the remedy where there is something to do. */
export function renderChecks(checks: readonly PreflightResult[]): string {
  const style = styleFor(process.stdout)
  const marks = {pass: style.green('pass'), warn: style.yellow('warn'), fail: style.red('fail')}
  return renderTable(
    ['CHECK', 'RESULT', 'DETAIL'],
    checks.map(({name, status, message, remedy}) => [
      name,
      marks[status],
      remedy === '' ? message : `${message}\n→ ${remedy}`,
    ]),
  )
}

/** `daas join --print-command`: a script that writes the configuration and runs the agent. The token has to be there. */
export function renderAgentScript({command, config, configFile}: AgentPlan): string {
  const file = shellLine([configFile])
  return `install -D -m 600 /dev/stdin ${file} <<'END'\n${config}END\nexec ${command}`
}

/** `daas join --dry-run` */
export function renderJoinPlan({node, cluster, preflight, enroll, agent}: JoinPlan): string {
  const mist = (amount: bigint | undefined): string | undefined =>
    amount === undefined ? undefined : formatSui(amount)
  return [
    'dry run: nothing was sent, written or fetched',
    renderFields([
      ['node', node],
      ['cluster', cluster],
      ['would send', enroll.sends],
      ['stake', enroll.stake ?? mist(enroll.stakeMist)],
      ['seal', enroll.seal],
      ['gas', mist(enroll.gasMist)],
      ['budget', mist(enroll.budgetMist)],
      ['agent', agent.command],
      ['configuration', agent.configFile],
      ['token file', `${agent.tokenFile} (0600): ${agent.token}`],
      ['environment', agent.environment.join(' ')],
    ]),
    '',
    agent.config,
    renderChecks(preflight),
  ].join('\n')
}
