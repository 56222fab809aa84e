import assert from 'node:assert/strict'
import {type ChaosWorld, startChaosWorld, VICTIMS, type Victim} from './chaos-world.ts'
import type {When} from './killing-proxy.ts'
import {type Act, SHORT, STORIES, type Story} from './stories.ts'
import {waitUntil} from '../../helpers/wait-until.ts'

/**
 * kill -9 of the built listener, of the API server (its etcd lives on) or of the chain (its data outlive it), at the
 * steps of the listener: writes to the real API server, calls for users, transactions. Each step is cut twice, before it happens and after it has, so that every gap between two steps is met from both sides.
 * DAAS_CHAOS=all cuts at every step of every story (some minutes); without it at a few of each.
 */
describe('kill -9 of listener, API server and chain between any two steps of the listener', function () {
  this.timeout(process.env.DAAS_CHAOS === 'all' ? 1_800_000 : 180_000)
  let chaos: ChaosWorld
  let tellings = 0
  let cuts = 0
  const started = performance.now()

  before(async function () {
    chaos = await startChaosWorld(this)
    await chaos.start()
  })
  after(async () => {
    const seconds = Math.round((performance.now() - started) / 1000)
    process.stdout.write(`    ${cuts} cuts in ${seconds} s\n`)
    await chaos?.close()
  })
  // A telling that failed leaves no trap for the next one.
  afterEach(async () => {
    chaos.proxy.arm()
    if (!chaos.isRunning()) await chaos.start()
  })

  /** @returns the step at which somebody was killed; undefined where the story was over before that */
  async function tell(story: Story, at: number, when: When, victim: Victim): Promise<string | undefined> {
    const telling = await story.begin(chaos, `chaos-${++tellings}`)
    chaos.killAt(at, when, victim)
    let failed = false
    const acting = telling.act()
    acting.catch(() => (failed = true))
    await waitUntil(
      `${story.name} is over, or the ${victim}`,
      async () => chaos.proxy.killed || failed || (await isDone(telling)),
      60_000,
    )
    const step = chaos.proxy.killed ? (chaos.proxy.steps.at(at) ?? '') : undefined
    if (step !== undefined) {
      if (victim === 'listener') await telling.meanwhile?.()
      await chaos.revive(victim)
    }

    chaos.proxy.arm()
    await acting
    if (step === undefined) return undefined
    cuts += 1
    try {
      await telling.check(step, when, victim)
    } catch (error) {
      throw new Error(`${victim} killed ${when} step ${at}, ${step}: ${String(error)}\n${chaos.stderr()}`, {
        cause: error,
      })
    }

    return step
  }

  /** Who has died cannot say so. */
  async function isDone(telling: Act): Promise<boolean> {
    try {
      return await telling.isDone()
    } catch (error) {
      if (chaos.proxy.killed) return true
      throw error
    }
  }

  for (const victim of VICTIMS) {
    for (const story of STORIES.filter(({victims}) => victims?.includes(victim) ?? true)) {
      const short = SHORT[victim][story.name] ?? []
      if (process.env.DAAS_CHAOS === 'all') {
        it(`loses nothing of ${story.name} and does nothing twice, wherever the ${victim} is killed`, async () => {
          for (const when of ['before', 'after'] as const) {
            const steps: string[] = []
            for (let at = 0; ; at++) {
              const step = await tell(story, at, when, victim)
              if (step === undefined) break
              steps.push(step)
            }

            process.stdout.write(`      ${when}: ${steps.map((step) => withoutNames(step)).join(', ')}\n`)
            assert.ok(steps.length >= story.least, `${steps.length} steps`)
          }
        })
      } else if (short.length > 0) {
        it(`loses nothing of ${story.name} and does nothing twice when the ${victim} is killed`, async () => {
          for (const [at, when] of short) {
            assert.notEqual(await tell(story, at, when, victim), undefined, `no step ${at}`)
          }
        })
      }
    }
  }
})

function withoutNames(step: string): string {
  return step.replace(/\/apis?\/\S*?v1\//, '').replaceAll(/chaos-\d+|bootstrap-token-\w+/g, '*')
}
