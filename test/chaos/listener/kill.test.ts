import assert from 'node:assert/strict'
import {type ChaosWorld, startChaosWorld} from './chaos-world.ts'
import type {When} from './killing-proxy.ts'
import {STORIES, type Story} from './stories.ts'
import {waitUntil} from '../../helpers/wait-until.ts'

/**
 * kill -9 of the built listener at its steps: writes to the real API server, calls for users, transactions. Each step
 * is cut twice, before it happens and after it has, so that every gap between two steps is met from both sides.
 * DAAS_CHAOS=all cuts at every step of every story (some minutes); without it at a few of each.
 */
describe('kill -9 of the listener between any two steps', function () {
  this.timeout(process.env.DAAS_CHAOS === 'all' ? 1_800_000 : 180_000)
  let chaos: ChaosWorld
  let tellings = 0

  before(async function () {
    chaos = await startChaosWorld(this)
    await chaos.start()
  })
  after(() => chaos?.close())
  // A telling that failed leaves no trap for the next one.
  afterEach(async () => {
    chaos.proxy.arm()
    if (!chaos.isRunning()) await chaos.start()
  })

  /** @returns the step at which it was killed; undefined where the story was over before that */
  async function tell(story: Story, at: number, when: When): Promise<string | undefined> {
    const telling = await story.begin(chaos, `chaos-${++tellings}`)
    chaos.killAt(at, when)
    await telling.act()
    await waitUntil(
      `${story.name} is over, or the listener`,
      async () => chaos.proxy.killed || (await telling.isDone()),
      60_000,
    )
    if (!chaos.proxy.killed) {
      chaos.proxy.arm()
      return undefined
    }

    await chaos.buried()
    const step = chaos.proxy.steps.at(at) ?? ''
    chaos.proxy.arm()
    await chaos.start()
    try {
      await telling.check(step, when)
    } catch (error) {
      throw new Error(`killed ${when} step ${at}, ${step}: ${String(error)}\n${chaos.stderr()}`, {
        cause: error,
      })
    }

    return step
  }

  for (const story of STORIES) {
    if (process.env.DAAS_CHAOS === 'all') {
      it(`loses nothing of ${story.name} and does nothing twice, wherever it is cut`, async () => {
        for (const when of ['before', 'after'] as const) {
          const steps: string[] = []
          for (let at = 0; ; at++) {
            const step = await tell(story, at, when)
            if (step === undefined) break
            steps.push(step)
          }

          process.stdout.write(`      ${when}: ${steps.map((step) => withoutNames(step)).join(', ')}\n`)
          assert.ok(steps.length >= story.least, `${steps.length} steps`)
        }
      })
    } else if (story.short.length > 0) {
      it(`loses nothing of ${story.name} and does nothing twice`, async () => {
        for (const [at, when] of story.short) {
          assert.notEqual(await tell(story, at, when), undefined, `no step ${at}`)
        }
      })
    }
  }
})

function withoutNames(step: string): string {
  return step.replace(/\/apis?\/\S*?v1\//, '').replaceAll(/chaos-\d+|bootstrap-token-\w+/g, '*')
}
