import {DaasError, daasError} from '../../errors/daas-error.ts'
import {askGateway} from '../../gateway/ask.ts'
import type {Gateway} from '../../gateway/gateway.ts'
import {findKubectl, runKubectl} from '../../gateway/kubectl.ts'
import type {StageOutcome} from './stages.ts'

/** One thing that the user of the demo does: as kubectl, and as HTTP where there is no kubectl. */
export interface UserAct {
  readonly args: readonly string[]
  readonly http: {readonly method: string; readonly path: string; readonly body?: object}
  /** What must stand in the answer. */
  readonly expect: string
}

/** The user at their terminal. */
export interface KubectlSession {
  /** The kubectl that is used, or undefined: the gateway is asked by HTTP instead. */
  readonly kubectl: string | undefined
  act(act: UserAct): Promise<StageOutcome>
}

/** What the session works with. */
export interface KubectlSessionOptions {
  readonly gateway: Gateway
  readonly cacheDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** The transactions so far, counted by the gateway. */
  readonly lastTransaction: () => {digest: string; gasMist: bigint} | undefined
}

/** Opens the session with the stock kubectl where one is found. */
export async function openKubectlSession(options: KubectlSessionOptions): Promise<KubectlSession> {
  const {gateway, cacheDir, env, signal} = options
  const kubectl = await findKubectl({env}).catch((error: unknown) => {
    if (error instanceof DaasError && error.errorName === 'KUBECTL_MISSING') return undefined
    throw error
  })
  const say = async (act: UserAct): Promise<string> => {
    if (kubectl === undefined) return sayByHttp(gateway, act)
    const run = await runKubectl({
      args: act.args,
      gateway,
      kubectlBin: kubectl,
      cacheDir,
      env,
      signal,
      stdio: 'pipe',
    })
    if (run.exitCode === 0) return run.stdout
    const reason = run.stderr.trim() || `kubectl ended with ${run.exitCode}`
    throw daasError('DEMO_ACT_FAILED', {act: `kubectl ${act.args.join(' ')}`, reason})
  }

  return {
    kubectl,
    async act(act) {
      const text = await say(act)
      if (!text.includes(act.expect)) {
        throw daasError('DEMO_ACT_FAILED', {
          act: act.args.join(' '),
          reason: `"${act.expect}" is not in: ${text}`,
        })
      }

      const line = text.split('\n').find((each) => each.includes(act.expect)) ?? ''
      return {detail: line.trim(), ...options.lastTransaction()}
    },
  }
}

async function sayByHttp(gateway: Gateway, {http, args}: UserAct): Promise<string> {
  const {status, text} = await askGateway(gateway, http)
  if (status < 300) return text
  throw daasError('DEMO_ACT_FAILED', {act: args.join(' '), reason: text})
}
