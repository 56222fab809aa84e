import {lstat, mkdir, readlink, rm, symlink} from 'node:fs/promises'
import {dirname} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {DaasError} from '../errors/daas-error.ts'
import type {GatewayChain} from './chain-port.ts'

/** How gateways of one wallet take turns. */
export interface TurnOptions {
  /** A link that is there while one of them sends, the same for all of them; it points to the id of its process. */
  readonly lockFile: string
  readonly pid: number
  /** Whether a process runs: the lock of a dead one does not count. */
  readonly isAlive: (pid: number) => boolean
}

/** The transaction was built on an object that another one changed meanwhile: it did not happen. */
const OVERTAKEN =
  /not available for consumption|already locked|reserved for another transaction|object version .* unavailable/i
const ATTEMPTS = 8
/** No transaction takes longer; after a restart of the machine the id of a dead process may be another's, ms. */
const LONGEST_MS = 180_000
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

/** A link comes into being with its text: who is killed at any moment leaves no lock that says nothing. */
async function take({lockFile, pid}: TurnOptions): Promise<boolean> {
  try {
    await symlink(String(pid), lockFile)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Where two remove it at once, one may remove the other's new lock: then one is overtaken, and sends again. */
async function removeDead({lockFile, isAlive}: TurnOptions): Promise<void> {
  try {
    const {mtimeMs} = await lstat(lockFile)
    const isOld = Date.now() - mtimeMs > LONGEST_MS
    if (isOld || !isAlive(Number(await readlink(lockFile)))) await rm(lockFile, {force: true})
  } catch (error) {
    // Gone meanwhile; or no link, but the file of an older daas, which goes when it is old.
    if (!['ENOENT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

async function pause(attempt: number, signal: AbortSignal): Promise<void> {
  const ceiling = Math.min(WAIT_MS.most, WAIT_MS.first * 2 ** attempt)
  await sleep(ceiling / 2 + (Math.random() * ceiling) / 2, undefined, {signal})
}
