import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {readAgentConfig} from '../../../../../src/lib/devnet/kube/agent/embedded-flags.ts'
import {parseAgentToken} from '../../../../../src/lib/devnet/kube/agent/embedded-token.ts'

describe('devnet/kube/agent', () => {
  it('reads flags, environment and configuration file; the command line wins', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'daas-flags-'))
    try {
      const file = join(dir, 'config.yaml')
      await writeFile(file, 'server: https://file:1\nnode-label: [a=1]\ntoken-file: /from/file\n')
      const args = [
        '--config',
        file,
        '-s',
        'https://flag:2/',
        '--node-taint',
        'k=v:NoSchedule',
        '--data-dir',
        dir,
      ]
      const config = await readAgentConfig(
        args,
        {K3S_NODE_NAME: 'UPPER', K3S_TOKEN_FILE: '/from/env'},
        'host',
      )
      assert.deepEqual(config, {
        server: 'https://flag:2',
        tokenFile: '/from/file',
        token: undefined,
        nodeName: 'upper',
        dataDir: dir,
        nodeIp: '127.0.0.1',
        labels: {a: '1'},
        taints: [{key: 'k', value: 'v', effect: 'NoSchedule'}],
      })
    } finally {
      await rm(dir, {recursive: true})
    }
  })

  it('refuses unknown flags, malformed taints and a missing server', async () => {
    await assert.rejects(readAgentConfig(['--nonsense'], {}, 'host'))
    await assert.rejects(
      readAgentConfig(['-s', 'https://x', '--node-taint', 'k=v'], {}, 'host'),
      /invalid taint/,
    )
    await assert.rejects(readAgentConfig([], {}, 'host'), /--server is required/)
  })

  it('takes tokens apart as k3s does', () => {
    const hash = 'a'.repeat(64)
    const bearer = 'abcdef.0123456789abcdef'
    assert.deepEqual(parseAgentToken(`K10${hash}::${bearer}\n`), {caHash: hash, bearer})
    assert.deepEqual(parseAgentToken(bearer), {caHash: '', bearer})
    assert.throws(() => parseAgentToken(' '), /token must not be empty/)
    assert.throws(() => parseAgentToken(`K10abc::${bearer}`), /invalid token CA hash length/)
    assert.throws(
      () => parseAgentToken(`K10${hash}::user:secret`),
      (error: Error) => !error.message.includes('secret'),
    )
  })
})
