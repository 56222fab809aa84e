import 'reflect-metadata'
import assert from 'node:assert/strict'
import {webcrypto} from 'node:crypto'
import {chmod, mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Pkcs10CertificateRequestGenerator} from '@peculiar/x509'
import type {KubectlResult} from '../../../src/lib/gateway/kubectl.ts'
import {type Step, verbSteps} from './kubectl-steps.ts'
import {type KubectlUser, type KubectlWorld, startKubectlWorld} from './kubectl-world.ts'

interface Row {
  readonly line: string
  readonly direct: KubectlResult
  readonly chain: KubectlResult
  readonly transactions: number
  readonly same: boolean
}

/** Of the same length: columns are as wide as what stands in them. */
const SIDES = {direct: 'verbs-direct', chain: 'verbs-chain0'}

describe('every verb of kubectl, straight and through the chain', function () {
  let world: KubectlWorld
  let user: KubectlUser
  const rows: Row[] = []

  before(async function () {
    world = await startKubectlWorld(this, async (admin) => {
      for (const name of Object.values(SIDES)) {
        await admin.json({method: 'POST', path: '/api/v1/nodes', body: {metadata: {name}}})
      }
    })
    user = await world.user('user', 10_000_000_000n)
  })
  after(async function () {
    this.timeout(60_000)
    await world?.close()
  })

  it('says the same, with the same exit code', async function () {
    this.timeout(480_000)
    const kustomization = join(world.dir, 'kustomization')
    const csr = await signingRequest()
    const files = {binary: join(world.dir, 'binary'), editor: join(world.dir, 'editor'), kustomization, csr}
    await mkdir(kustomization)
    const generated = 'configMapGenerator: [{name: kustomized, literals: [k=v]}]\n'
    await writeFile(join(kustomization, 'kustomization.yaml'), generated)
    await writeFile(
      files.binary,
      Uint8Array.from({length: 256}, (_, index) => index),
    )
    await writeFile(files.editor, '#!/bin/sh\nsed -i "s/k: v/k: edited/" "$1"\n')
    await chmod(files.editor, 0o755)
    for (const step of verbSteps(files)) rows.push(await runStep(user, step))
    process.stdout.write(tableOf(rows))
    const different = rows.filter(({same}) => !same)
    assert.deepEqual(
      different.map(({chain}) => chain),
      different.map(({direct}) => direct),
      different.map(({line}) => line).join('\n'),
    )
  })
})

/** A request for a client certificate, PEM in base64. */
async function signingRequest(): Promise<string> {
  const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'}
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  let text: string
  do {
    const request = await Pkcs10CertificateRequestGenerator.create({
      name: 'CN=ann',
      keys: keys as CryptoKeyPair,
      signingAlgorithm: algorithm,
    })
    text = Buffer.from(request.toString('pem')).toString('base64')
    // In steps these letters stand for the namespace of a side.
  } while (text.includes('NS'))
  return text
}

async function runStep(user: KubectlUser, step: Step): Promise<Row> {
  const before = user.sent.transactions
  const [direct, chain] = await Promise.all([
    user.direct(...onSide(step, SIDES.direct)),
    user.chain(...onSide(step, SIDES.chain)),
  ])
  const line = step.args.join(' ')
  const [expected, actual] = [normal(direct), normal(chain)]
  return {
    line,
    direct: expected,
    chain: actual,
    transactions: user.sent.transactions - before,
    same: JSON.stringify(expected) === JSON.stringify(actual) && expected.exitCode === (step.exit ?? 0),
  }
}

function onSide({args, input, env}: Step, side: string): Parameters<KubectlUser['chain']> {
  const replaced = (text: string): string => text.replaceAll('NS', side)
  return [
    args.map(replaced),
    {...(input !== undefined && {input: replaced(input)}), ...(env !== undefined && {env})},
  ]
}

/** What must differ between two runs: names of the sides, times, ids, addresses; and what is by chance. */
function normal({exitCode, stdout, stderr}: KubectlResult): KubectlResult {
  return {exitCode, stdout: normalText(stdout), stderr: normalText(stderr)}
}

function normalText(text: string): string {
  return text
    .replaceAll(new RegExp(Object.values(SIDES).join('|'), 'g'), 'NS')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, 'TIME')
    .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
    .replaceAll(/("?resourceVersion"?: ?)"\d+"/g, '$1VERSION')
    .replaceAll(/https:\/\/[\w.:-]+/g, 'SERVER')
    .replaceAll(/\b10\.\d+\.\d+\.\d+\b/g, 'IP')
    .replaceAll(/\b(\d+(ms|h|m|s))+\b/g, 'AGE')
    .replaceAll(/:3\d{4}\/TCP/g, ':PORT/TCP')
    .replaceAll(/\/(tmp|var)\/\S+/g, 'FILE')
    .replaceAll(/\b(once|web-[0-9a-f]+)-[a-z0-9]{5}\b/g, '$1-CHANCE')
    .replaceAll(/ +/g, ' ')
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({line, direct, chain, transactions, same}) =>
    [
      same ? 'same' : 'DIFF',
      String(direct.exitCode).padStart(4),
      String(chain.exitCode).padStart(4),
      String(transactions).padStart(3),
      `kubectl ${line}`,
    ].join('  '),
  )
  const sum = rows.reduce((total, {transactions}) => total + transactions, 0)
  const head = 'result  direct  chain  transactions  command (exit codes)'
  return `${[head, ...lines, `${rows.length} commands, ${sum} transactions`].map((each) => `      ${each}`).join('\n')}\n`
}
