import type {IncomingMessage} from 'node:http'
import {type Gate, startGate, type Verdict} from '../lib/gate.ts'

/** When a process is killed: as it asks for a step, which then never happens, or once the step was done. */
export type When = 'before' | 'after'

/** What stands between a process and the two services that it changes, and kills it at a step. */
export interface KillingProxy {
  readonly kubeUrl: string
  /** Of the certificate of `kubeUrl`. */
  readonly kubeCaPem: string
  readonly rpcUrl: string
  /** The steps since the last {@link arm}, the one that killed included. */
  readonly steps: readonly string[]
  /**
   * Counts from here, and kills at a step.
   * @param plan `at` 0 = the next step; without a plan nothing is killed
   */
  arm(plan?: {at: number; when: When; kill: () => void}): void
  /** Whether the armed plan has killed. */
  readonly killed: boolean
  close(): Promise<void>
}

/**
 * Starts a proxy in front of a Kubernetes API and one in front of a chain. A step is a write to Kubernetes, a call as
 * somebody else (what a user asked for), or a transaction; everything else passes and is not counted.
 */
export async function startKillingProxy(target: {
  kube: {url: string; caPem: string}
  rpcUrl: string
}): Promise<KillingProxy> {
  let plan: {at: number; when: When; kill: () => void} | undefined
  let killed = false
  const steps: string[] = []

  const judgeBy =
    (stepOf: (request: IncomingMessage) => string | undefined) =>
    (request: IncomingMessage): Verdict => {
      // The dead do not ask: what they had sent already goes nowhere.
      if (killed) return 'drop'
      const step = stepOf(request)
      if (step === undefined) return 'pass'
      steps.push(step)
      if (plan === undefined || steps.length - 1 !== plan.at) return 'pass'
      return plan.when === 'before' ? kill() : {after: kill}
    }

  function kill(): 'drop' {
    killed = true
    plan?.kill()
    return 'drop'
  }

  const kube = await startGate({...target.kube, judge: judgeBy(kubeStep)})
  const rpc = await startGate({url: target.rpcUrl, judge: judgeBy(chainStep)})
  const gates: Gate[] = [kube, rpc]
  return {
    kubeUrl: kube.url,
    kubeCaPem: kube.caPem,
    rpcUrl: rpc.url,
    steps,
    arm(next) {
      plan = next
      killed = false
      steps.length = 0
    },
    get killed() {
      return killed
    },
    async close() {
      for (const gate of gates) await gate.close()
    },
  }
}

/** A write, or a call as somebody else; undefined for all else. */
export function kubeStep({method = '', url = '', headers}: IncomingMessage): string | undefined {
  const asUser = headers['impersonate-user'] !== undefined
  return method === 'GET' && !asUser
    ? undefined
    : `${asUser ? 'as user: ' : ''}${method} ${url.split('?', 1)[0]}`
}

/** A transaction. */
export function chainStep({url = ''}: IncomingMessage): string | undefined {
  return url.endsWith('/ExecuteTransaction') ? 'transaction' : undefined
}
