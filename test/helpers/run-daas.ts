import {execa} from 'execa'
import {mkdtemp, rm} from 'node:fs/promises'
import {homedir, tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {compileCacheDir} from '../../src/lib/cli/compile-cache.ts'

/** The built binary. */
export const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** What a run of the binary left behind. */
export interface Run {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** stdout as JSON; throws when it is no single document. */
  json<T = Record<string, unknown>>(): T
}

/** Where Node keeps compiled modules for all runs: beneath a HOME of its own each run would compile anew and write it. */
const COMPILED = compileCacheDir({env: process.env, platform: process.platform, home: homedir})

/** Runs the binary in a HOME of its own, with stdin closed and none of the caller's settings. */
export interface Home {
  readonly dir: string
  run(args: readonly string[], env?: Record<string, string>): Promise<Run>
  remove(): Promise<void>
}

/** Makes an empty HOME to run `daas` in. */
export async function createHome(): Promise<Home> {
  const dir = await mkdtemp(join(tmpdir(), 'daas-home-'))
  return {
    dir,
    async run(args, env = {}) {
      const {exitCode, stdout, stderr} = await execa(process.execPath, [BIN, ...args], {
        cwd: dir,
        env: {HOME: dir, PATH: process.env.PATH, NO_COLOR: '1', NODE_COMPILE_CACHE: COMPILED, ...env},
        extendEnv: false,
        stdin: 'ignore',
        reject: false,
        timeout: 120_000,
      })
      return {
        exitCode: exitCode ?? -1,
        stdout,
        stderr,
        json: <T>() => JSON.parse(stdout) as T,
      }
    },
    remove: () => rm(dir, {recursive: true, force: true}),
  }
}
