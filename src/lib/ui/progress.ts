import {Listr, ListrLogger, type ListrTask, ProcessOutput} from 'listr2'
import type {OnStage, StageEvent} from './stage-event.ts'

/** Stages shown while they happen. */
export interface Progress {
  readonly report: OnStage
  /** Ends the display; stages that never started vanish. Call it whatever happened. */
  close(): Promise<void>
}

/** How it is shown. */
export interface ProgressOptions {
  /** Stages in their order. */
  readonly stages: readonly {readonly name: string; readonly title: string}[]
  /** Nothing is shown: --json, --quiet. */
  readonly silent: boolean
}

interface Slot {
  readonly started: PromiseWithResolvers<boolean>
  readonly ended: PromiseWithResolvers<StageEvent | undefined>
  tell: (text: string) => void
  retitle: (text: string) => void
}

/**
 * Shows stages on stderr as they are reported: a live list on a terminal, plain lines elsewhere.
 * stdout stays free for the result.
 */
export function createProgress({stages, silent}: ProgressOptions): Progress {
  if (silent) return {report: () => undefined, close: () => Promise.resolve()}
  const slots = new Map<string, Slot>(
    stages.map(({name}) => [
      name,
      {
        started: Promise.withResolvers(),
        ended: Promise.withResolvers(),
        tell: () => undefined,
        retitle: () => undefined,
      },
    ]),
  )
  // listr2 writes to stdout unless it is given other streams (listr2 PR 784).
  const output = {logger: new ListrLogger({processOutput: new ProcessOutput(process.stderr, process.stderr)})}
  const list = new Listr(
    stages.map(({name, title}) => taskOf(title, slots.get(name)!)),
    {
      concurrent: false,
      exitOnError: false,
      // Its own handler calls process.exit(127).
      registerSignalListeners: false,
      rendererOptions: {...output, collapseErrors: false},
      fallbackRenderer: 'simple',
      fallbackRendererOptions: output,
      fallbackRendererCondition: () => !process.stderr.isTTY,
    },
  )
  const running = list.run()
  return {
    report(event) {
      const slot = slots.get(event.stage)
      if (!slot) return
      slot.started.resolve(true)
      if (event.detail !== undefined && event.status === 'detail') slot.tell(event.detail)
      if (event.status !== 'started' && event.status !== 'detail') slot.ended.resolve(event)
    },
    async close() {
      for (const slot of slots.values()) {
        slot.started.resolve(false)
        slot.ended.resolve(undefined)
      }

      await running
    },
  }
}

function taskOf(title: string, slot: Slot): ListrTask {
  return {
    title,
    // A stage waits here until it is reported; one that never comes is left out.
    enabled: () => slot.started.promise,
    rendererOptions: {persistentOutput: false},
    async task(_context, task) {
      slot.tell = (text) => {
        task.output = text
      }

      const end = await slot.ended.promise
      if (end?.status === 'skipped') task.skip(end.detail ?? title)
      else if (end?.status === 'failed') throw new Error(end.detail ?? title)
      else if (end?.detail !== undefined) task.title = `${title}: ${end.detail}`
    },
  }
}
