/** What a long piece of work tells while it runs. */
export interface StageEvent {
  /** Name of the stage, as in the result document. */
  readonly stage: string
  readonly status: 'started' | 'detail' | 'done' | 'skipped' | 'failed'
  /** One line for people. */
  readonly detail?: string
}

/** Takes what is told. */
export type OnStage = (event: StageEvent) => void
