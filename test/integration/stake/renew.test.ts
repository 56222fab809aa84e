import assert from 'node:assert/strict'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {abortOf} from '../../../src/lib/contracts/aborts.ts'
import {readCluster, readSeal} from '../../../src/lib/contracts/reads.ts'
import {createWorld, type World} from '../../../src/lib/devnet/world.ts'
import {hashSealToken} from '../../../src/lib/seal/token.ts'
import {enroll, type Enrolled} from '../../../src/lib/stake/enroll.ts'
import {planEnroll} from '../../../src/lib/stake/plan-enroll.ts'
import {keepSeal, type RenewedSeal} from '../../../src/lib/stake/renew.ts'
import type {SealDeps} from '../../../src/lib/stake/seal.ts'
import {openTokenStore} from '../../../src/lib/stake/token-store.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'

const silent = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}

describe('renewal of a seal', function () {
  this.timeout(60_000)
  const ended = new AbortController()
  let dir: string
  let world: World
  let deps: SealDeps
  let enrolled: Enrolled

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-renew-'))
    world = await createWorld({
      dir,
      kubernetes: 'none',
      clusterName: 'renewal',
      env: process.env,
      signal: ended.signal,
      logger: silent,
      checkpointIntervalMs: 20,
    })
    const {url} = world.devnet
    const client = createSuiClient({url})
    const execute = {client, signer: world.people.operator.signer, url, describeAbort: abortOf}
    deps = {execute, url, tokens: openTokenStore(join(dir, 'seals')), now: Date.now}
  })
  after(async () => {
    ended.abort()
    await world?.close()
    await rm(dir, {recursive: true, force: true})
  })

  it('is planned before it is done, and the plan sends nothing', async () => {
    const options = {cluster: world.cluster.cluster, subject: {kind: 'node', name: 'w1'} as const}
    const plan = await planEnroll(deps, options)
    assert.deepEqual([plan.sends, plan.stakeMist], ['stake and seal', 1_000_000_000n])
    assert.ok((plan.gasMist ?? 0n) > 0n && (plan.budgetMist ?? 0n) > (plan.gasMist ?? 0n))
    assert.equal((await planEnroll(deps, options)).sends, 'stake and seal')
    enrolled = await enroll(deps, options)
    assert.deepEqual(await planEnroll(deps, options), {
      sends: 'nothing',
      stake: enrolled.stake,
      seal: enrolled.seal,
    })
  })

  it('ends the seal where the chain stays out of reach until then', async () => {
    const cluster = await readCluster(deps.execute.client, world.cluster.cluster)
    const warnings: unknown[] = []
    const loss = await keepSeal(deps, {
      cluster,
      stake: enrolled.stake,
      seal: enrolled.seal,
      expiresAtMs: Date.now() + 600,
      renew: true,
      logger: {warn: (fields: unknown) => warnings.push(fields)},
      signal: ended.signal,
      inTurn: () => Promise.reject(new Error('out of reach')),
      onRenewed: () => assert.fail('nothing was renewed'),
    })
    assert.equal(loss.kind, 'seal-ended')
    assert.equal(warnings.length, 1)
  })

  it('gives the same seal a new token before it ends, again and again; file and chain stay in step', async () => {
    const cluster = await readCluster(deps.execute.client, world.cluster.cluster)
    const over = new AbortController()
    const renewed: RenewedSeal[] = []
    const kept = keepSeal(deps, {
      cluster,
      stake: enrolled.stake,
      seal: enrolled.seal,
      expiresAtMs: Date.now() + 1500,
      ttlMs: 3000n,
      renew: true,
      logger: {warn: () => undefined},
      signal: over.signal,
      inTurn: (work) => work(),
      onRenewed: (seal) => {
        renewed.push(seal)
        if (renewed.length === 2) over.abort()
      },
    })
    await assert.rejects(kept, {name: 'AbortError'})
    const [first, second] = renewed as [RenewedSeal, RenewedSeal]
    assert.notEqual(first.token, second.token)
    assert.ok(second.expiresAtMs > first.expiresAtMs)
    const onChain = await readSeal(deps.execute.client, enrolled.seal)
    assert.equal(onChain.stake, enrolled.stake)
    assert.deepEqual(Buffer.from(onChain.tokenHash), Buffer.from(hashSealToken(second.token)))
    assert.equal((await readFile(second.tokenFile, 'utf8')).trim(), second.token)
    assert.equal(second.tokenFile, enrolled.tokenFile)
  })

  it('where it is not wanted, only its end is watched', async () => {
    const cluster = await readCluster(deps.execute.client, world.cluster.cluster)
    const expiresAtMs = Date.now() + 100
    assert.deepEqual(
      await keepSeal(deps, {
        cluster,
        stake: enrolled.stake,
        seal: enrolled.seal,
        expiresAtMs,
        renew: false,
        logger: {warn: () => undefined},
        signal: ended.signal,
        inTurn: () => assert.fail('nothing is to be sent'),
        onRenewed: () => assert.fail('nothing is renewed'),
      }),
      {kind: 'seal-ended', message: `the seal expired at ${new Date(expiresAtMs).toISOString()}`},
    )
  })
})
