import assert from 'node:assert/strict'
import {dirname, join} from 'node:path'
import {daasError} from '../../../src/lib/errors/daas-error.ts'
import {freePorts} from '../../../src/lib/devnet/kube/free-ports.ts'
import {BIN} from '../../helpers/run-daas.ts'
import {locateTool} from '../../helpers/locate-tool.ts'
import {skipFor} from '../../helpers/skip.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import type {KubectlUser, KubectlWorld} from './kubectl-world.ts'
import {IMAGE} from './session-image/image.ts'
import {NODE, POD} from './sessions-world.ts'
import {type Terminal, withTerminal} from './terminal.ts'

const PULL = ['--image', IMAGE, '--image-pull-policy', 'Never']

/** Of a container. */
interface Status {
  name: string
  state: {running?: object}
}

/** What a terminal shows of the built `daas kubectl`, and streams that end by themselves or by Ctrl-C. */
export function terminalTests(of: () => {world: KubectlWorld; user: KubectlUser}): void {
  let world: KubectlWorld
  let user: KubectlUser
  let tmux: string
  let environment: Record<string, string>
  let path: string
  let terminals = 0

  before(async function () {
    ;({world, user} = of())
    tmux = (await locateTool('tmux')) ?? skipFor(this, 'tmux', 'install tmux')
    environment = await user.cli()
    path = `${dirname((await locateTool('kubectl')) ?? '')}:${process.env.PATH ?? ''}`
  })

  const onTerminal = (
    args: string[],
    act: (terminal: Terminal) => Promise<void>,
    way: 'chain' | 'direct' = 'chain',
  ): Promise<void> =>
    withTerminal(
      {
        ...{tmux, socket: join(world.dir, `tmux-${++terminals}`)},
        command:
          way === 'chain'
            ? [process.execPath, BIN, 'kubectl', ...args]
            : ['kubectl', '--kubeconfig', user.directKubeconfig, ...args],
        env: {...environment, PATH: path},
      },
      act,
    )
  const isRunning = async (pod: string, container: string): Promise<boolean> => {
    const path = `/api/v1/namespaces/default/pods/${pod}`
    const {status} = await world.admin.json<{status: Record<string, Status[] | undefined>}>({
      method: 'GET',
      path,
    })
    const all = [...(status.containerStatuses ?? []), ...(status.ephemeralContainerStatuses ?? [])]
    return all.some(({name, state}) => name === container && state.running !== undefined)
  }

  it('exec -it: the size of the window and its changes, keys, Ctrl-C and the exit code pass', async () => {
    await onTerminal(['exec', '-it', POD, '--', '/bin/tool', 'tty'], async (terminal) => {
      await terminal.shows('24 80')
      await terminal.shows('size 24 80')
      await terminal.resize(100, 30)
      await terminal.shows('size 30 100')
      await terminal.type('hello', 'Enter')
      await terminal.shows('heard hello')
      // Of a raw terminal Ctrl-C is a key: the far end is interrupted, not kubectl.
      await terminal.type('C-c')
      await terminal.shows('interrupted')
      await terminal.type('leave', 'Enter')
      await terminal.shows('code=7')
    })
  })

  it('logs -f and get -w end by Ctrl-C, with the code that kubectl gives', async () => {
    await onTerminal(['logs', '-f', POD, '--tail=1'], async (terminal) => {
      await terminal.shows('tick ')
      await terminal.type('C-c')
      await terminal.shows('code=1')
    })
    await onTerminal(['get', 'pods', '-w'], async (terminal) => {
      await terminal.shows(POD)
      await terminal.type('C-c')
      await terminal.shows('code=1')
    })
  })

  it('debug, then attach -it: an ephemeral container in a pod, and a pod on a node', async () => {
    const flags = ['-it', '--attach=false', '--profile=general', ...PULL, '--', '/bin/tool', 'tty']
    for (const target of [POD, `node/${NODE}`]) {
      const made = await user.chain(['debug', target, ...flags])
      assert.equal(made.exitCode, 0, made.stderr)
      const said = `${made.stdout}${made.stderr}`
      const pod = /pod (node-debugger-\S+)/.exec(said)?.[1] ?? POD
      const container = /container (\S+) on node/.exec(said)?.[1] ?? /name to (\S+?)\./.exec(said)?.[1] ?? ''
      await waitUntil(`${pod} ${container} runs`, async () => await isRunning(pod, container), 60_000)
      await onTerminal(['attach', '-it', pod, '-c', container], async (terminal) => {
        await terminal.shows('size 24 80')
        await terminal.type('hello', 'Enter')
        await terminal.shows('heard hello')
        await terminal.type('leave', 'Enter')
        await terminal.shows('code=')
      })
    }
  })

  it('debug -it in one step: five times in a pod and once on a node, as a direct kubectl does', async () => {
    const flags = ['-it', '--profile=general', ...PULL, '--', '/bin/tool', 'tty']
    const talk = async (terminal: Terminal): Promise<void> => {
      // What the container said before anybody was attached is lost to every kubectl; the size is told anew.
      await terminal.shows('size 24 80')
      await terminal.type('hello', 'Enter')
      await terminal.shows('heard hello')
      await terminal.type('leave', 'Enter')
      await terminal.shows('code=')
    }
    await onTerminal(['debug', POD, ...flags], talk, 'direct')
    for (const target of [...Array<string>(5).fill(POD), `node/${NODE}`]) {
      await onTerminal(['debug', target, ...flags], talk)
    }
  })

  it('proxy serves the API, its watches included', async () => {
    const stop = new AbortController()
    const [port] = (await freePorts(1)) as [number]
    const running = user.chain(['proxy', `--port=${port}`], {signal: stop.signal})
    const url = `http://127.0.0.1:${port}/api/v1/namespaces/default/configmaps`
    await waitUntil(
      'kubectl proxy answers',
      async () =>
        fetch(url).then(
          ({ok}) => ok,
          () => false,
        ),
      30_000,
    )
    const watch = await fetch(`${url}?watch=1`)
    const body = JSON.stringify({metadata: {name: 'by-proxy'}})
    const made = await fetch(url, {method: 'POST', body, headers: {'content-type': 'application/json'}})
    assert.equal(made.status, 201)
    const reader = watch.body?.pipeThrough(new TextDecoderStream()).getReader()
    let seen = ''
    while (!seen.includes('"by-proxy"')) {
      const part = await reader?.read()
      assert.equal(part?.done, false)
      seen += part?.value ?? ''
    }

    await reader?.cancel()
    stop.abort(daasError('INTERRUPTED', {signal: 'SIGINT'}))
    assert.equal((await running).exitCode, 130)
  })

  it('rollout status waits until it is done', async () => {
    const deployment = '/apis/apps/v1/namespaces/default/deployments'
    const made = await user.chain(['create', 'deployment', 'slow', '--image=none', '--replicas=1'])
    assert.equal(made.exitCode, 0, made.stderr)
    const running = user.chain(['rollout', 'status', 'deployment/slow', '--timeout=60s'])
    await waitUntil('the controller has begun', async () => {
      const {status} = await world.admin.json<{status: {replicas?: number}}>({
        method: 'GET',
        path: `${deployment}/slow`,
      })
      return status.replicas === 1
    })
    const scaled = await user.chain(['scale', 'deployment/slow', '--replicas=0'])
    assert.equal(scaled.exitCode, 0, scaled.stderr)
    const {exitCode, stdout, stderr} = await running
    assert.equal(exitCode, 0, stderr)
    assert.match(stdout, /deployment "slow" successfully rolled out\n$/)
  })
}
