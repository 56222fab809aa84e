import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'
import type {Context} from 'mocha'
import {locateTool} from '../../helpers/locate-tool.ts'
import {skipFor} from '../../helpers/skip.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import {type KubectlWorld, startKubectlWorld} from './kubectl-world.ts'

interface Release {
  name: string
  revision: string
  status: string
  chart: string
}

describe('tools through daas gateway, on the real Kubernetes', function () {
  this.timeout(180_000)
  let world: KubectlWorld
  let kubeconfig: string

  before(async function () {
    world = await startKubectlWorld(this)
    const user = await world.user('user', 10_000_000_000n)
    kubeconfig = await user.serve()
  })
  after(() => world?.close())

  const toolOf = async (context: Context, name: string): Promise<string> =>
    (await locateTool(name)) ?? skipFor(context, name, 'npm run kube:build -- --tools (needs Go)')
  const run = async (tool: string, args: readonly string[]): Promise<string> => {
    const env = {HOME: join(world.dir, 'home-user'), PATH: process.env.PATH, KUBECONFIG: kubeconfig}
    const {exitCode, stdout, stderr} = await execa(tool, args, {env, extendEnv: false, reject: false})
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stdout}${stderr}`)
    return stdout
  }

  it('helm installs, lists, upgrades, rolls back and uninstalls a chart', async function () {
    const helm = await toolOf(this, 'helm')
    const chart = join(world.dir, 'chart')
    await writeChart(chart)
    const list = async (): Promise<Release[]> =>
      JSON.parse(await run(helm, ['list', '--output', 'json'])) as Release[]
    const value = async (): Promise<unknown> => {
      const {data} = await world.admin.json<{data: {colour: string}}>({
        method: 'GET',
        path: '/api/v1/namespaces/default/configmaps/one-settings',
      })
      return data.colour
    }
    await run(helm, ['install', 'one', chart, '--wait', '--timeout', '60s'])
    assert.deepEqual(
      (await list()).map(({name, revision, status, chart: of}) => [name, revision, status, of]),
      [['one', '1', 'deployed', 'small-0.1.0']],
    )
    assert.equal(await value(), 'red')
    await run(helm, ['upgrade', 'one', chart, '--set', 'colour=blue'])
    assert.equal(await value(), 'blue')
    assert.match(await run(helm, ['get', 'manifest', 'one']), /colour: blue/)
    await run(helm, ['rollback', 'one', '1'])
    assert.equal(await value(), 'red')
    assert.equal((await list())[0]?.revision, '3')
    assert.match(await run(helm, ['uninstall', 'one', '--wait']), /uninstalled/)
    assert.deepEqual(await list(), [])
  })

  it('client-go creates, watches, lists by pages, patches, and sees conflicts', async function () {
    const program = await toolOf(this, 'client-go')
    const lines = (await run(program, ['default'])).trim().split('\n')
    const said = lines.map((line) => JSON.parse(line) as {step: string; what: unknown})
    const bytes = Buffer.from([0, 255, 10, 0]).toString('base64')
    assert.match(String(said.shift()?.what), /^v1\./)
    assert.deepEqual(said, [
      {step: 'created', what: 5},
      {step: 'watched', what: 5},
      {step: 'listed', what: [3, 5]},
      {step: 'got', what: ['v', bytes]},
      {step: 'conflict', what: true},
      {step: 'gone', what: true},
    ])
  })

  it('k9s shows the pods under tmux, and what becomes of them', async function () {
    const [k9s, tmux] = await Promise.all([locateTool('k9s'), locateTool('tmux')])
    if (k9s === undefined || tmux === undefined) {
      // Not a failure where nothing may be skipped: k9s alone takes ten minutes of two cores to build.
      process.stdout.write('    SKIPPED: k9s or tmux is missing. To run it: npm run kube:build -- k9s\n')
      return this.skip()
    }

    const pods = '/api/v1/namespaces/default/pods'
    const account = '/api/v1/namespaces/default/serviceaccounts/default'
    await waitUntil('the service account is there', async () => {
      return (await world.admin.call({method: 'GET', path: account})).status === 200
    })
    const body = {metadata: {name: 'seen-by-k9s'}, spec: {containers: [{name: 'a', image: 'a'}]}}
    await world.admin.json({method: 'POST', path: pods, body})
    const at = ['-S', join(world.dir, 'tmux')]
    const size = ['-x', '160', '-y', '40']
    const env = [
      `HOME=${join(world.dir, 'home-user')}`,
      `PATH=${process.env.PATH}`,
      `KUBECONFIG=${kubeconfig}`,
    ]
    const command = ['env', '-i', 'TERM=xterm-256color', ...env, k9s, '--logoless', '--command', 'pods']
    await execa(tmux, [...at, 'new-session', '-d', ...size, '-s', 'k9s', ...command])
    try {
      const shows = async (): Promise<boolean> =>
        (await execa(tmux, [...at, 'capture-pane', '-p', '-t', 'k9s'])).stdout.includes('seen-by-k9s')
      await waitUntil('k9s shows the pod', shows, 60_000)
      await world.admin.json({method: 'DELETE', path: `${pods}/seen-by-k9s?gracePeriodSeconds=0`})
      await waitUntil('k9s shows that it is gone', async () => !(await shows()), 60_000)
    } finally {
      await execa(tmux, [...at, 'kill-server'])
    }
  })
})

async function writeChart(dir: string): Promise<void> {
  await mkdir(join(dir, 'templates'), {recursive: true})
  await writeFile(join(dir, 'Chart.yaml'), 'apiVersion: v2\nname: small\nversion: 0.1.0\n')
  await writeFile(join(dir, 'values.yaml'), 'colour: red\n')
  await writeFile(
    join(dir, 'templates', 'all.yaml'),
    `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-settings"}
data:
  colour: {{ .Values.colour }}
---
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {app: "{{ .Release.Name }}"}
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: 0
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: main, image: none}]}
`,
  )
}
