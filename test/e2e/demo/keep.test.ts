import assert from 'node:assert/strict'
import {mkdir, readdir} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {execa} from 'execa'
import which from 'which'
import {locateKubernetes} from '../../../src/lib/devnet/kube/locate.ts'
import {HAS_PROC, processesNaming} from '../../helpers/processes.ts'
import {createHome, type Home} from '../../helpers/run-daas.ts'
import {skipFor} from '../../helpers/skip.ts'
import {type RunningDaas, startDaas} from '../../helpers/start-daas.ts'
import {waitUntil} from '../../helpers/wait-until.ts'

describe('the demo that is kept', function () {
  this.timeout(180_000)
  let home: Home
  let temp = ''
  let demo: RunningDaas | undefined

  before(async () => {
    home = await createHome()
    temp = join(home.dir, 'tmp')
    await mkdir(temp)
  })
  after(async () => {
    await demo?.stop()
    await home.remove()
  })

  it('prints an environment that works, and leaves nothing after Ctrl-C', async function () {
    const kubectl =
      (await locateKubernetes({env: process.env}))?.kubectl ?? (await which('kubectl', {nothrow: true}))
    if (!kubectl) return skipFor(this, 'kubectl', 'install it, or build it: npm run kube:build')
    demo = startDaas(['demo', '--kubernetes', 'embedded', '--keep'], {home: home.dir, env: {TMPDIR: temp}})
    const {stderr} = demo
    await waitUntil('it says how to use it', () => / export KUBECONFIG=\S+ /.test(stderr()), 120_000)
    const printed = Object.fromEntries(
      [...stderr().matchAll(/^ {2}export (\w+)=(\S+)/gm)].map(([, name = '', value = '']) => [name, value]),
    )
    const nodes = await execa(kubectl, ['get', 'nodes', '-o', 'name'], {
      env: {KUBECONFIG: printed.KUBECONFIG!, HOME: home.dir},
      reject: false,
    })
    // The story's node was slashed and thrown out.
    assert.deepEqual([nodes.exitCode, nodes.stdout], [0, ''], nodes.stderr)
    const {KUBECONFIG: _direct, ...env} = printed
    const status = await home.run(['cluster', 'info', '--json'], env)
    assert.equal(status.exitCode, 0, status.stdout)
    assert.equal(status.json<{cluster: string}>().cluster, printed.DAAS_CLUSTER)
    const byChain = await home.run(['kubectl', 'get', 'namespaces', '-o', 'name'], {
      ...env,
      PATH: `${dirname(kubectl)}:${process.env.PATH}`,
    })
    assert.match(byChain.stdout, /^namespace\/default$/m, byChain.stderr)

    const end = await demo.stop('SIGINT')
    assert.equal(end.exitCode, 0, end.stderr)
    assert.deepEqual(await readdir(temp), [])
    if (HAS_PROC) await waitUntil('nothing runs on', async () => (await processesNaming(temp)).length === 0)
  })
})
