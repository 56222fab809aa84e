import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {readFile} from 'node:fs/promises'
import {createHome, type Home, type Run} from './run-daas.ts'
import {type RunningDaas, startDaas} from './start-daas.ts'

/** What `daas devnet --json` says of itself in its first line. */
export interface DevnetReady {
  readonly type: 'ready'
  readonly rpcUrl: string
  readonly package: string
  readonly cluster: string
  readonly kubernetes: {
    kind: string
    kubeconfig: string
    url: string
    joinPartner?: {kind: string; bin: string}
  }
  readonly people: Readonly<
    Record<'admin' | 'listener' | 'operator' | 'user', {address: string; keyFile: string}>
  >
  readonly env: Readonly<Record<string, string>>
}

/** Who runs a command. */
export type Who = keyof DevnetReady['people']

/** A devnet that runs as a child, and its people at their command lines, all in one temporary HOME. */
export interface CliWorld {
  readonly home: Home
  readonly devnet: RunningDaas
  readonly ready: DevnetReady
  /** The variables with which a person uses the devnet. */
  envOf(who: Who): Record<string, string>
  /** Runs a command to its end as a person. */
  as(who: Who, args: readonly string[], env?: Record<string, string>): Promise<Run>
  /** Starts a command that runs on; it is ended with the world. */
  start(who: Who, args: readonly string[], env?: Record<string, string>): RunningDaas
  /** Starts the listener and waits until it is announced. */
  listen(env?: Record<string, string>): Promise<RunningDaas>
  /** Ends everything that was started here, the last first, and removes the HOME. */
  close(): Promise<void>
}

/** Starts `daas devnet` on free ports. */
export async function startCliWorld(
  env: Record<string, string> = {},
  kubernetes: 'embedded' | 'binaries' = 'embedded',
): Promise<CliWorld> {
  const home = await createHome()
  const running: RunningDaas[] = []
  const close = async (): Promise<void> => {
    for (const each of running.splice(0).reverse()) await each.stop()
    await home.remove()
  }
  try {
    const devnet = startDaas(['devnet', '--port', '0', '--kubernetes', kubernetes, '--json'], {
      home: home.dir,
      env,
    })
    running.push(devnet)
    const ready = await devnet.waitFor<DevnetReady>('ready')
    const envOf = (who: Who): Record<string, string> => ({
      ...env,
      ...ready.env,
      DAAS_KEY_FILE: ready.people[who].keyFile,
    })
    const start: CliWorld['start'] = (who, args, extra = {}) => {
      const child = startDaas(args, {home: home.dir, env: {...envOf(who), ...extra}})
      running.push(child)
      return child
    }
    return {
      home,
      devnet,
      ready,
      envOf,
      as: (who, args, extra = {}) => home.run(args, {...envOf(who), ...extra}),
      start,
      async listen(extra = {}) {
        const listener = start(
          'listener',
          ['listen', '--kubeconfig', ready.kubernetes.kubeconfig, '--json'],
          extra,
        )
        await listener.waitFor('ready')
        return listener
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The key of one of the people. */
export async function keyOf(world: CliWorld, who: Who): Promise<Ed25519Keypair> {
  return Ed25519Keypair.fromSecretKey((await readFile(world.ready.people[who].keyFile, 'utf8')).trim())
}
