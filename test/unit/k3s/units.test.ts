import assert from 'node:assert/strict'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'
import which from 'which'
import {parse} from 'yaml'
import {
  checkedAgentArgs,
  checkedTaints,
  shellLine,
  splitAtDashes,
} from '../../../src/lib/k3s/agent-options.ts'
import {renderCloudInit} from '../../../src/lib/k3s/cloud-init.ts'
import {parseLabels} from '../../../src/lib/k3s/labels.ts'
import {removeUnit} from '../../../src/lib/k3s/remove-unit.ts'
import {installUnit, renderJoinUnit, renderListenUnit} from '../../../src/lib/k3s/units.ts'
import {skipFor} from '../../helpers/skip.ts'

/** `[Section]` -> settings, in order, comments left out. */
function readUnit(text: string): Record<string, [string, string][]> {
  const sections: Record<string, [string, string][]> = {}
  let current: [string, string][] = []
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const section = /^\[(\w+)\]$/.exec(line)?.[1]
    if (section !== undefined) current = sections[section] = []
    else current.push([line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
  }

  return sections
}

const options = {
  command: [
    '/usr/bin/node',
    '/opt/daas/bin/run.js',
    'join',
    '--node',
    'w1',
    '--label',
    'note=100%',
    '--',
    '--kubelet-arg',
    'x=$HOME y',
  ],
  environment: {DAAS_CLUSTER: '0x1', DAAS_NOTE: 'two words'},
  keyFile: '/etc/daas/key',
}

describe('systemd units', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-units-'))
  })
  after(() => rm(dir, {recursive: true}))

  it('name the key by its file, as a credential, and quote what systemd would take apart', async () => {
    const {Unit, Service, Install} = readUnit(await renderJoinUnit('w1', options))
    const service = Object.fromEntries(Service!)
    assert.equal(service.LoadCredential, 'daas-key:/etc/daas/key')
    assert.deepEqual(
      Service!.filter(([name]) => name === 'Environment').map(([, value]) => value),
      ['DAAS_KEY_FILE=%d/daas-key', 'DAAS_CLUSTER=0x1', '"DAAS_NOTE=two words"'],
    )
    assert.equal(
      service.ExecStart,
      '/usr/bin/node /opt/daas/bin/run.js join --node w1 --label note=100%% -- --kubelet-arg "x=$$HOME y"',
    )
    assert.equal(service.KillMode, 'process')
    assert.deepEqual(service.RestartPreventExitStatus?.split(' ').includes('6'), true)
    assert.equal(Object.fromEntries(Unit!).Description, 'daas: node w1')
    assert.deepEqual(Install, [['WantedBy', 'multi-user.target']])
  })

  it('of a listener lets it have nothing but the network and its state', async () => {
    const {Service} = readUnit(
      await renderListenUnit('lab', {...options, kubeconfig: '/etc/rancher/k3s/k3s.yaml'}),
    )
    const service = Object.fromEntries(Service!)
    for (const [name, value] of Object.entries({
      DynamicUser: 'yes',
      NoNewPrivileges: 'yes',
      ProtectSystem: 'strict',
      CapabilityBoundingSet: '',
      SystemCallFilter: '@system-service',
    })) {
      assert.equal(service[name], value, name)
    }

    assert.equal(service.StateDirectory, 'daas-listen')
  })

  it('refuse what would begin a setting of its own', async () => {
    const command = ['/usr/bin/node', 'x\nExecStartPre=/bin/evil']
    await assert.rejects(renderJoinUnit('w1', {...options, command}), {code: 'DAAS-U110'})
    await assert.rejects(renderJoinUnit('w1', {...options, keyFile: '/a\n/b'}), {code: 'DAAS-U110'})
  })

  it('are what systemd takes', async function () {
    const analyze = await which('systemd-analyze', {nothrow: true})
    if (analyze === null) skipFor(this, 'systemd-analyze', 'install systemd')
    const key = join(dir, 'key')
    await writeFile(key, '')
    const real = {...options, command: [process.execPath, 'run.js'], keyFile: key}
    const files = {
      'daas-join-w1.service': await renderJoinUnit('w1', real),
      'daas-listen.service': await renderListenUnit('lab', {...real, kubeconfig: key}),
    }
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(dir, name), text)
      const run: {stderr?: unknown} = await execa(analyze, ['verify', '--man=no', join(dir, name)], {
        reject: false,
      })
      const stderr: string = String(run.stderr)
      // Of other units on this machine nothing is said here.
      const said = stderr.split('\n').filter((line) => line.includes(name))
      assert.deepEqual(said, [], stderr)
    }
  })

  it('are rewritten only where they differ, and removed once', async () => {
    const calls: string[] = []
    const host = {
      dir,
      systemctl: async (args: readonly string[]): Promise<void> => {
        calls.push(args.join(' '))
      },
    }
    const name = 'daas-join-w9.service'
    assert.deepEqual(await installUnit(host, name, 'one\n'), {file: join(dir, name), changed: true})
    assert.deepEqual(calls.splice(0), ['daemon-reload', `enable ${name}`, `restart ${name}`])
    assert.equal((await installUnit(host, name, 'one\n')).changed, false)
    assert.deepEqual(calls.splice(0), [`enable ${name}`, `start ${name}`])
    assert.equal((await installUnit(host, name, 'two\n')).changed, true)
    assert.equal(await readFile(join(dir, name), 'utf8'), 'two\n')
    calls.length = 0
    assert.equal(await removeUnit(() => host, name, dir), join(dir, name))
    assert.deepEqual(calls.splice(0), [`disable --now ${name}`, 'daemon-reload'])
    assert.equal(await removeUnit(() => assert.fail('there is none'), name, dir), undefined)
  })
})

describe('cloud-init', () => {
  it('is YAML that cloud-init takes, with a place for the key and no key', async () => {
    const text = await renderCloudInit({
      node: 'w1',
      cluster: '0x1',
      environment: {DAAS_CLUSTER: '0x1', DAAS_KEY_FILE: '/etc/daas/key'},
      command: shellLine(['daas', 'join', '--systemd', '--node', 'w1', '--label', "it's=x"]),
      version: '0.1.0',
    })
    assert.equal(text.split('\n')[0], '#cloud-config')
    const document = parse(text) as {
      write_files: {path: string; permissions: string; content: string}[]
      runcmd: string[][]
    }
    assert.deepEqual(
      document.write_files.map(({path, permissions}) => [path, permissions]),
      [
        ['/etc/daas/key', '0600'],
        ['/etc/daas/env', '0600'],
      ],
    )
    assert.equal(document.write_files[1]!.content, "DAAS_CLUSTER='0x1'\nDAAS_KEY_FILE='/etc/daas/key'\n")
    const line = document.runcmd[1]![2]!
    const shown = await execa('sh', ['-c', line.replace(/^.*exec daas /, 'printf "%s|" ')])
    assert.equal(shown.stdout, "join|--systemd|--node|w1|--label|it's=x|")
  })
})

describe('what is passed on to an agent', () => {
  it('is split off at the dashes', () => {
    assert.deepEqual(splitAtDashes(['--node', 'a', '--', '-v', '3', '--', 'x']), {
      own: ['--node', 'a'],
      passed: ['-v', '3', '--', 'x'],
    })
    assert.deepEqual(splitAtDashes(['--node', 'a']), {own: ['--node', 'a'], passed: []})
  })

  it('is anything but what daas answers for', () => {
    assert.deepEqual(checkedAgentArgs(['--kubelet-arg', 'max-pods=5', '-v=3']), [
      '--kubelet-arg',
      'max-pods=5',
      '-v=3',
    ])
    for (const arg of [
      '--token',
      '--token=x',
      '-t',
      '-token',
      '--token-file',
      '--server=https://x',
      '--node-name',
      '--node-label=x=y',
      '--node-taint',
      '-d',
      '--config',
    ]) {
      assert.throws(() => checkedAgentArgs(['--debug', arg]), {code: 'DAAS-J120'}, arg)
    }
  })

  it('has taints and labels of the right form, and none that are not its own to set', () => {
    assert.deepEqual(checkedTaints(['a.b/c=d:NoSchedule', 'gpu:NoExecute']), [
      'a.b/c=d:NoSchedule',
      'gpu:NoExecute',
    ])
    for (const taint of ['a', 'a=b', 'a=b:Never', '=b:NoSchedule', 'a=b:NoSchedule,c']) {
      assert.throws(() => checkedTaints([taint]), {code: 'DAAS-U110'}, taint)
    }

    assert.deepEqual(parseLabels(['topology.kubernetes.io/zone=a', 'daas.io/x=y']), {
      'topology.kubernetes.io/zone': 'a',
      'daas.io/x': 'y',
    })
    for (const label of [
      'node-role.kubernetes.io/worker=',
      'x.node-restriction.kubernetes.io/a=b',
      'daas.io/stake=x',
    ]) {
      assert.throws(() => parseLabels([label]), {code: 'DAAS-U110'}, label)
    }
  })
})
