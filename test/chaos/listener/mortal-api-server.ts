import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type Child, startChild, waitForChild} from '../../../src/lib/devnet/kube/child-process.ts'
import type {KubeHttp} from '../../../src/lib/kube/kube-http.ts'
import {processesNaming} from '../../helpers/processes.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import type {Mortal} from './mortal-chain.ts'

const START_MS = 60_000

/** The API server of a control plane of this process, by the folder of the control plane. */
async function findApiServer(dir: string): Promise<{pid: number; bin: string; args: string[]}> {
  const [found, ...others] = (await processesNaming(dir)).filter(({cmdline}) =>
    /^\S*kube-apiserver /.test(cmdline),
  )
  if (found === undefined || others.length > 0) throw new Error(`no API server, or several, of ${dir}`)
  const [bin = '', ...args] = (await readFile(`/proc/${found.pid}/cmdline`, 'utf8')).split('\0').slice(0, -1)
  return {pid: found.pid, bin, args}
}

/** Where it listens itself, without the front of the devnet. */
export async function apiServerUrl(dir: string): Promise<string> {
  const {args} = await findApiServer(dir)
  const [, port] = /--secure-port[= ](\d+)/.exec(args.join(' ')) ?? []
  return `https://127.0.0.1:${port}`
}

/**
 * Takes the API server of a control plane over, to kill it; its etcd lives on.
 * @param admin an administrator, straight to it
 */
export async function takeApiServer(dir: string, admin: KubeHttp): Promise<Mortal> {
  const found = await findApiServer(dir)
  const {bin, args} = found
  let {pid} = found
  let child: Child | undefined
  return {
    kill: () => process.kill(pid, 'SIGKILL'),
    async revive() {
      // Its threads may keep its port for a moment longer than it is called alive: until nobody has it any more.
      await waitUntil('the API server has ended', () => !existsSync(`/proc/${pid}`))
      child = await startChild({
        name: 'kube-apiserver',
        bin,
        args,
        logFile: join(dir, 'api-server-again.log'),
      })
      ;({pid} = child)
      const ready = async (signal: AbortSignal): Promise<boolean> =>
        (await admin.call({method: 'GET', path: '/readyz', signal})).status === 200
      await waitForChild({child, ready, timeoutMs: START_MS, signal: AbortSignal.timeout(START_MS)})
    },
    close: async () => child?.stop(),
  }
}
