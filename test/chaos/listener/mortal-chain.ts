import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {ownedCap} from '../../../src/lib/cluster/caps.ts'
import {readCluster} from '../../../src/lib/contracts/reads.ts'
import {freePorts} from '../../../src/lib/devnet/kube/free-ports.ts'
import {PEOPLE, type World} from '../../../src/lib/devnet/world.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'
import type {DevnetReady} from '../../helpers/cli-world.ts'
import {type RunningDaas, startDaas} from '../../helpers/start-daas.ts'

/** What dies by SIGKILL, and comes back as it was. */
export interface Mortal {
  kill(): void
  /** Where it was killed: waits for its end, starts it again, waits until it answers. */
  revive(): Promise<void>
  close(): Promise<void>
}

/** A chain in a process of its own, whose data outlive it, with the contracts, a cluster and people. */
export interface MortalChain extends Mortal {
  readonly url: string
  readonly people: World['people']
  /** Object ids. */
  readonly cluster: {readonly cluster: string; readonly adminCap: string}
}

/** Starts it. @param dir its own */
export async function startMortalChain(dir: string): Promise<MortalChain> {
  const [port] = await freePorts(1)
  const args = [
    ...['devnet', '--kubernetes', 'none', '--port', String(port), '--checkpoint-interval', '20', '--json'],
    ...['--seed', 'chaos', '--dir', join(dir, 'people'), '--data-dir', join(dir, 'chain')],
  ]
  let running: RunningDaas = startDaas(args, {home: dir})
  const ready = await running.waitFor<DevnetReady>('ready')
  const client = createSuiClient({url: ready.rpcUrl})
  const people = Object.fromEntries(
    await Promise.all(
      PEOPLE.map(async (person) => {
        const {address, keyFile} = ready.people[person]
        const signer = Ed25519Keypair.fromSecretKey((await readFile(keyFile, 'utf8')).trim())
        return [person, {address, keyFile, signer}] as const
      }),
    ),
  ) as World['people']
  const cluster = await readCluster(client, ready.cluster)
  const adminCap = await ownedCap({client, owner: people.admin.address, cluster, cap: 'AdminCap'})
  return {
    url: ready.rpcUrl,
    people,
    cluster: {cluster: cluster.id, adminCap},
    kill: () => process.kill(running.pid, 'SIGKILL'),
    async revive() {
      await running.ended
      running = startDaas(args, {home: dir})
      await running.waitFor('ready')
    },
    async close() {
      await running.stop()
    },
  }
}
