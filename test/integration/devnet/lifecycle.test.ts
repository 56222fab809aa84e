import assert from 'node:assert/strict'
import {once} from 'node:events'
import {SuiGrpcClient} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Transaction} from '@mysten/sui/transactions'
import {startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {createNode} from '../../../src/lib/devnet/executor/node.ts'
import {serveNode} from '../../../src/lib/devnet/rpc/serve-node.ts'
import {streamEvents} from '../../../src/lib/sui/event-stream.ts'
import {deriveAccounts} from '../../../src/lib/devnet/accounts.ts'
import {waitUntil} from '../../helpers/wait-until.ts'
import {createCluster, publishDaas, run} from './stock-client.ts'

const million = 1_000_000_000_000_000n

describe('devnet: its life', function () {
  this.timeout(30_000)

  it('is the same for the same seed', async () => {
    const first = await startDevnet({seed: 'same', accounts: 2})
    await first.close()
    const second = await startDevnet({seed: 'same', accounts: 2})
    await second.close()
    assert.equal(second.chainId, first.chainId)
    assert.deepEqual(second.accounts, first.accounts)
    const other = await startDevnet({seed: 'other', accounts: 2})
    await other.close()
    assert.notEqual(other.chainId, first.chainId)
  })

  it('gives its accounts what they are to have', async () => {
    const devnet = await startDevnet({accounts: 3, balanceMist: 7n})
    try {
      const client = new SuiGrpcClient({network: 'localnet', baseUrl: devnet.url})
      assert.equal(devnet.accounts.length, 3)
      for (const {address, secretKey} of devnet.accounts) {
        assert.equal(Ed25519Keypair.fromSecretKey(secretKey).toSuiAddress(), address)
        assert.equal((await client.getBalance({owner: address})).balance.balance, '7')
      }
    } finally {
      await devnet.close()
    }
  })

  it('says that it is healthy, and closes by signal, twice without harm', async () => {
    const controller = new AbortController()
    const devnet = await startDevnet({signal: controller.signal})
    const health = (await (await fetch(`${devnet.url}/health`)).json()) as {status: string; chainId: string}
    assert.deepEqual([health.status, health.chainId], ['ok', devnet.chainId])
    controller.abort()
    await devnet.close()
    await assert.rejects(fetch(`${devnet.url}/health`))
    await assert.rejects(startDevnet({signal: controller.signal}), {name: 'AbortError'})
  })

  it('does not start on a port that is taken', async () => {
    const devnet = await startDevnet()
    try {
      await assert.rejects(startDevnet({port: Number(new URL(devnet.url).port)}), {
        errorName: 'DEVNET_LISTEN_FAILED',
      })
    } finally {
      await devnet.close()
    }
  })

  it('loses no event and repeats none over a broken connection', async () => {
    const [account] = deriveAccounts('reconnect', 1)
    assert.ok(account)
    const signer = Ed25519Keypair.fromSecretKey(account.secretKey)
    const node = await createNode({
      seed: 'reconnect',
      checkpointIntervalMs: 10,
      genesisAccounts: [{address: account.address, balance: million}],
    })
    let server = await serveNode(node, {port: 0, faucetMist: 1n})
    const {port} = server
    const clientOf = (): SuiGrpcClient =>
      new SuiGrpcClient({network: 'localnet', baseUrl: `http://127.0.0.1:${port}`, format: 'binary'})
    const controller = new AbortController()
    const seen: string[] = []
    let following: Promise<void> | undefined
    try {
      const packageId = await publishDaas(clientOf(), signer)
      const {cluster, adminCap} = await createCluster(clientOf(), signer, packageId)
      // Its event would be the subscriber's first if its checkpoint were sealed after the subscription.
      await waitUntil('the cluster is in a checkpoint', async () => {
        const {object} = await clientOf().getObject({
          objectId: cluster,
          include: {previousTransaction: true},
        })
        const found = await clientOf().getTransaction({digest: object.previousTransaction ?? ''})
        return found.Transaction?.checkpoint != null
      })
      let revoked = 0
      const update = async (): Promise<string> => {
        const tx = new Transaction()
        tx.moveCall({
          target: `${packageId}::cluster::revoke_seal`,
          arguments: [
            tx.object(cluster),
            tx.object(adminCap),
            tx.pure.id(`0x${++revoked}`),
            tx.object.clock(),
          ],
        })
        return (await run(clientOf(), signer, tx)).digest
      }
      const arrived = new EventTarget()
      const subscribed = new Promise<void>((resolve) => {
        following = (async () => {
          const {signal} = controller
          const events = streamEvents({client: clientOf(), packageId, signal, onSubscribed: resolve})
          for await (const event of events) {
            seen.push(event.digest)
            arrived.dispatchEvent(new Event('event'))
          }
        })()
      })
      await subscribed
      const sent: string[] = []
      for (let round = 0; round < 3; round += 1) {
        sent.push(await update())
        await server.close()
        server = await serveNode(node, {port, faucetMist: 1n})
        await isUp(port)
        sent.push(await update(), await update())
      }
      const deadline = AbortSignal.timeout(15_000)
      while (seen.length < sent.length) await once(arrived, 'event', {signal: deadline})
      assert.deepEqual(seen, sent)
    } finally {
      controller.abort()
      await following?.catch((error: Error) => assert.equal(error.name, 'AbortError'))
      await server.close()
      await node.close()
    }
  })
})

/** Waits until a request gets through: the client's pool may still hold connections that were cut. */
async function isUp(port: number): Promise<void> {
  const deadline = AbortSignal.timeout(5000)
  for (;;) {
    deadline.throwIfAborted()
    const answer = await fetch(`http://127.0.0.1:${port}/health`, {signal: deadline}).catch(() => undefined)
    await answer?.text()
    if (answer?.ok) return
  }
}
