import {errorSentence} from './error-sentence.ts'

/** The stages of the demo, in their order, as people read them. */
export const DEMO_STAGES = [
  {name: 'chain', title: 'start a Sui-compatible chain'},
  {name: 'kubernetes', title: 'start Kubernetes'},
  {name: 'cluster', title: 'publish the contracts, make a cluster'},
  {name: 'listener', title: 'start the listener'},
  {name: 'stake', title: 'stake 1 SUI for worker-1'},
  {name: 'seal', title: 'seal the stake into a token'},
  {name: 'join', title: 'join worker-1 and wait until it is Ready'},
  {name: 'user', title: 'stake and seal as a user of kubectl'},
  {name: 'get-nodes', title: 'kubectl get nodes'},
  {name: 'create', title: 'kubectl create configmap'},
  {name: 'get', title: 'kubectl get configmap -o yaml'},
  {name: 'delete', title: 'kubectl delete configmap'},
  {name: 'slash', title: 'slash the stake'},
  {name: 'evict', title: 'see the node evicted and its agent stopped'},
  {name: 'withdraw', title: 'withdraw what is left'},
] as const

/** One of the names of {@link DEMO_STAGES}. */
export type DemoStageName = (typeof DEMO_STAGES)[number]['name']

/** How a stage went. */
export interface DemoStage {
  name: DemoStageName
  ok: boolean
  ms: number
  detail?: string
  digest?: string
  gasMist?: bigint
  /** Code and sentence, where it failed. */
  error?: {code: string; message: string}
}

/** What a stage has to show. */
export interface StageOutcome {
  detail?: string
  digest?: string | undefined
  gasMist?: bigint | undefined
}

/** Runs stages one after the other and keeps the record of them. */
export interface StageRunner {
  readonly stages: DemoStage[]
  /** Runs a stage; what it throws is recorded and thrown on. */
  run<T extends StageOutcome>(name: DemoStageName, work: () => Promise<T>): Promise<T>
  /** Records a stage that happened elsewhere and began with the story. */
  record(name: DemoStageName, outcome: StageOutcome): void
}

/** Makes a runner. @param now a clock in ms that only rises */
export function createStageRunner(
  now: () => number,
  onStage: (event: {
    stage: DemoStageName
    status: 'started' | 'done' | 'failed'
    detail?: string
    record?: DemoStage
  }) => void,
): StageRunner {
  const stages: DemoStage[] = []
  const began = now()
  const finish = (name: DemoStageName, since: number, outcome: StageOutcome): void => {
    const {detail, digest, gasMist} = outcome
    const record: DemoStage = {
      name,
      ok: true,
      ms: Math.round(now() - since),
      ...(detail !== undefined && {detail}),
      ...(digest !== undefined && {digest}),
      ...(gasMist !== undefined && {gasMist}),
    }
    stages.push(record)
    onStage({stage: name, status: 'done', ...(detail !== undefined && {detail}), record})
  }

  return {
    stages,
    record(name, outcome) {
      onStage({stage: name, status: 'started'})
      finish(name, began, outcome)
    },
    async run(name, work) {
      const since = now()
      onStage({stage: name, status: 'started'})
      try {
        const outcome = await work()
        finish(name, since, outcome)
        return outcome
      } catch (error) {
        const sentence = errorSentence(error)
        const record: DemoStage = {name, ok: false, ms: Math.round(now() - since), error: sentence}
        stages.push(record)
        onStage({stage: name, status: 'failed', detail: `${sentence.message} [${sentence.code}]`, record})
        throw error
      }
    },
  }
}
