import assert from 'node:assert/strict'
import {isLaterStage, readAgentLogLine} from '../../../src/lib/k3s/log-stages.ts'

const logrus = (msg: string, level = 'info'): string =>
  `time="2026-01-01T00:00:00Z" level=${level} msg=${JSON.stringify(msg)}`

describe('log of the k3s agent', () => {
  for (const [line, stage] of [
    [logrus('Starting k3s agent v1.34.1+k3s1 (abc)'), 'starting'],
    [logrus('Running load balancer k3s-agent-load-balancer 127.0.0.1:6444 -> [1.2.3.4:6443]'), 'connecting'],
    [logrus('Getting list of apiserver endpoints from server'), 'configured'],
    [logrus('Remotedialer connected to proxy'), 'tunnel'],
    [logrus('Running kubelet --address=0.0.0.0'), 'kubelet'],
    [
      'I0521 18:13:10.123456    4711 kubelet_node_status.go:82] "Successfully registered node" node="w1"',
      'registered',
    ],
    [logrus('Annotations and labels have been set successfully on node: w1'), 'labelled'],
    [logrus('k3s agent is up and running'), 'running'],
  ] as const) {
    it(`reads the stage ${stage}`, () => assert.deepEqual(readAgentLogLine(line), {stage}))
  }

  for (const [why, code, permanent] of [
    ['token CA hash does not match the Cluster CA certificate hash: aa != bb', 'ca-hash-mismatch', true],
    ['https://127.0.0.1:6444/v1-k3s/config: 401 Unauthorized', 'token-refused', true],
    [
      'Node password rejected, duplicate hostname or contents of … may not match',
      'node-password-rejected',
      true,
    ],
    ['https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 403 Forbidden', 'forbidden', true],
    ['https://127.0.0.1:6444/v1-k3s/config: 503 Service Unavailable', 'server-unready', false],
    ['dial tcp 10.0.0.1:6443: connect: connection refused', 'server-unreachable', false],
    ['something new', 'server-unready', false],
  ] as const) {
    it(`reads the cause ${code} out of ${why}`, () => {
      const message = `Waiting to retrieve agent configuration; server is not ready: ${why}`
      const cause = readAgentLogLine(logrus(message))?.cause
      assert.equal(cause?.code, code)
      assert.equal(cause?.permanent, permanent)
      assert.equal(cause?.message, message)
    })
  }

  it('knows the loop of a wrong hash by its error line, quotes included', () => {
    const message = 'Failed to validate connection to cluster at https://x: token CA hash does not match "a"'
    assert.equal(readAgentLogLine(logrus(message, 'error'))?.cause?.message, message)
  })

  it('knows a kubelet whose Node is refused', () => {
    const line = String.raw`E1121 11:54:42.281172   26509 kubelet_node_status.go:113] "Unable to register node with API server, error getting existing node" err="nodes \"w1\" not found" node="w1"`
    assert.equal(readAgentLogLine(line)?.cause?.code, 'registration-refused')
    assert.equal(readAgentLogLine(line.replace('not found', 'connection refused')), undefined)
  })

  it('takes a fatal line for the last word', () => {
    const cause = readAgentLogLine(logrus('listen tcp :6444: bind: address already in use', 'fatal'))?.cause
    assert.deepEqual([cause?.code, cause?.permanent], ['fatal', true])
  })

  it('says nothing about the rest', () => {
    for (const line of ['', 'hello', logrus('Module overlay was already loaded'), logrus('403 in passing')]) {
      assert.equal(readAgentLogLine(line), undefined)
    }
  })

  it('never goes back', () => {
    assert.equal(isLaterStage('kubelet', 'tunnel'), true)
    assert.equal(isLaterStage('tunnel', 'kubelet'), false)
    assert.equal(isLaterStage('tunnel', 'tunnel'), false)
  })
})
