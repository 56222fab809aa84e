import {mkdir, open, readFile, rm} from 'node:fs/promises'
import {dirname} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {DaasError} from '../errors/daas-error.ts'
import type {GatewayChain} from './chain-port.ts'

/** How gateways of one wallet take turns. */
export interface TurnOptions {
  /** A file that is there while one of them sends; the same for all of them. */
  readonly lockFile: string
  readonly pid: number
  /** Whether a process runs: the lock of a dead one does not count. */
  readonly isAlive: (pid: number) => boolean
}

/** The transaction was built on an object that another one changed meanwhile: it did not happen. */
const OVERTAKEN =
  /not available for consumption|already locked|reserved for another transaction|object version .* unavailable/i
const ATTEMPTS = 8
const WAIT_MS = {first: 20, most: 500}

/**
 * Sends one transaction of a wallet at a time, over all gateways of this machine. Each takes the SealToken, which is
 * the wallet's own: two at once would be an equivocation, of which the chain executes one at best. What was overtaken
 * all the same (by another machine) is built and sent again; the request ids keep it from happening twice.
 */
export function submitInTurn(chain: GatewayChain, options: TurnOptions): GatewayChain {
  return {
    ...chain,
    async submit(batch, signal) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await withLock(options, signal, () => chain.submit(batch, signal))
        } catch (error) {
          const again = error instanceof DaasError && OVERTAKEN.test(error.message) && attempt < ATTEMPTS
          if (!again) throw error
          await pause(attempt, signal)
        }
      }
    },
  }
}

async function withLock<T>(options: TurnOptions, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
  await mkdir(dirname(options.lockFile), {recursive: true, mode: 0o700})
  for (let attempt = 1; !(await take(options)); attempt += 1) {
    await removeDead(options)
    await pause(Math.min(attempt, 3), signal)
  }

  try {
    return await send()
  } finally {
    await rm(options.lockFile, {force: true})
  }
}

async function take({lockFile, pid}: TurnOptions): Promise<boolean> {
  try {
    const file = await open(lockFile, 'wx', 0o600)
    await file.writeFile(String(pid))
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Where two remove it at once, one may remove the other's new lock: then one is overtaken, and sends again. */
async function removeDead({lockFile, isAlive}: TurnOptions): Promise<void> {
  const holder = await readFile(lockFile, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  })
  // Empty: it is being written.
  if (holder !== '' && !isAlive(Number(holder))) await rm(lockFile, {force: true})
}

async function pause(attempt: number, signal: AbortSignal): Promise<void> {
  const ceiling = Math.min(WAIT_MS.most, WAIT_MS.first * 2 ** attempt)
  await sleep(ceiling / 2 + (Math.random() * ceiling) / 2, undefined, {signal})
}
