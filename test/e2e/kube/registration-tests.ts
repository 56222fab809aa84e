import assert from 'node:assert/strict'
import {setTimeout as delay} from 'node:timers/promises'
import {readSeal} from '../../../src/lib/contracts/reads.ts'
import {stakeAndSeal} from '../../../src/lib/contracts/transactions/staking.ts'
import type {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {selectPhases} from '../../../src/lib/k3s/join-phases.ts'
import {createListenerClient} from '../../../src/lib/k3s/register.ts'
import {createNonce, type RegistrationBody, signRegistration} from '../../../src/lib/seal/registration.ts'
import {createSealToken, hashSealToken, hashSealTokenHex} from '../../../src/lib/seal/token.ts'
import type {JoinWorld} from './join-world.ts'
import type {NodeView} from './node-view.ts'
import {createBootstrapToken, until} from './rig.ts'

const SECRET = '0123456789abcdef'

/** Who is let in and who is not. `worker-1` is in already. */
export function registrationTests(world: () => JoinWorld, {isGone}: NodeView): void {
  it('refuses whoever has not what it takes, each by its name', async () => {
    const it1 = world()
    const {signer, address} = it1.world.people.operator
    const prepare = async (
      nodeId: string,
      ttlMs = 3_600_000n,
    ): Promise<{token: string; body: RegistrationBody}> => {
      const token = createSealToken()
      const call = {packageId: it1.cluster.packageId, cluster: it1.cluster.id}
      const {created} = await it1.execute('operator', (tx) =>
        stakeAndSeal(tx, {...call, tokenHash: hashSealToken(token), ttlMs, amount: 1_000_000_000n, nodeId}),
      )
      const idOf = (type: string): string => created.find((each) => each.type.endsWith(`::${type}`))!.objectId
      const body: RegistrationBody = {
        version: 1,
        cluster: it1.cluster.id,
        seal: idOf('SealToken'),
        stake: idOf('Stake'),
        nodeName: nodeId,
        address,
        tokenHash: hashSealTokenHex(token),
        labels: {},
        timestampMs: Date.now(),
        nonce: createNonce(),
      }
      return {token, body}
    }
    const send = async (token: string, body: RegistrationBody): Promise<string> => {
      const client = createListenerClient({
        urls: it1.cluster.listenerUrls,
        tlsPin: it1.cluster.listenerTlsPin,
        sealToken: token,
        signal: AbortSignal.timeout(20_000),
      })
      try {
        await client.register({body, signature: await signRegistration(signer, body)})
        return 'taken'
      } catch (error) {
        return String((error as {details?: {code?: string}}).details?.code)
      } finally {
        client.close()
      }
    }
    const fresh = (body: RegistrationBody, change: Partial<RegistrationBody> = {}): RegistrationBody => ({
      ...body,
      timestampMs: Date.now(),
      nonce: createNonce(),
      ...change,
    })
    const two = await prepare('worker-2')
    const wrongToken = createSealToken()
    assert.equal(
      await send(wrongToken, fresh(two.body, {tokenHash: hashSealTokenHex(wrongToken)})),
      'DAAS-L302',
    )
    // The name of another, and a second node on one stake, are the same to a stake that names its node.
    assert.equal(await send(two.token, fresh(two.body, {nodeName: 'worker-1'})), 'DAAS-L402')
    assert.equal(await send(two.token, fresh(two.body, {nodeName: 'worker-9'})), 'DAAS-L402')
    const same = await prepare('worker-1')
    assert.equal(await send(same.token, fresh(same.body)), 'DAAS-L404')
    const short = await prepare('worker-3', 1n)
    await delay(50)
    assert.equal(await send(short.token, fresh(short.body)), 'DAAS-L406')
    const once = fresh(two.body)
    assert.equal(await send(two.token, once), 'taken')
    assert.equal(await send(two.token, once), 'DAAS-L405')
    for (const name of ['worker-2', 'worker-3', 'worker-9']) assert.equal(await isGone(name), true)
  })

  it('draws a new token for the same seal where the id of the first belongs to another token', async () => {
    const it1 = world()
    const {token, hash} = await it1.tokens.prepare()
    const {created} = await it1.execute('operator', (tx) =>
      stakeAndSeal(tx, {
        packageId: it1.cluster.packageId,
        cluster: it1.cluster.id,
        tokenHash: hash,
        ttlMs: 3_600_000n,
        amount: 1_000_000_000n,
        nodeId: 'worker-5',
      }),
    )
    const seal = created.find(({type}) => type.endsWith('::SealToken'))!.objectId
    await it1.tokens.settle(token, seal)
    const id = token.slice(0, 6)
    await createBootstrapToken(it1.admin, id, SECRET)
    // Who may make no seal is told.
    const without = it1.join('worker-5', {phases: selectPhases({skip: ['seal']})})
    await assert.rejects(without.run, (error: DaasError) => error.details?.code === 'DAAS-K104')
    assert.equal(await isGone('worker-5'), true)

    const node = it1.join('worker-5')
    assert.equal((await node.joined).seal, seal)
    const {data} = await it1.admin.json<{data: Record<string, string>}>({
      method: 'GET',
      path: `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${id}`,
    })
    assert.equal(Buffer.from(data['token-secret']!, 'base64').toString(), SECRET)
    const {tokenHash} = await readSeal(it1.deps('admin').client, seal)
    const kept = await it1.tokens.find(seal, tokenHash)
    assert.notEqual(kept?.token.slice(0, 6), id)
    // Its heartbeats show the new token: with the old one they would be refused.
    const client = createListenerClient({
      urls: it1.cluster.listenerUrls,
      tlsPin: it1.cluster.listenerTlsPin,
      sealToken: kept!.token,
      signal: AbortSignal.timeout(20_000),
    })
    await until('it beats', async () => (await client.status('worker-5')).heartbeat !== undefined, 15_000)
    client.close()
    await node.stop()
  })

  it('starts no agent for a server with another CA than the chain names', async () => {
    const it1 = world()
    const wrong = it1.join('worker-4', {cluster: {...it1.cluster, caHash: '0'.repeat(64)}})
    await assert.rejects(wrong.run, {code: 'DAAS-J102'})
    assert.equal(await isGone('worker-4'), true)
  })
}
