/** Shared objects that are gone, as the stock client sees what is done with them. */
import assert from 'node:assert/strict'
import {bcs} from '@mysten/sui/bcs'
import {type SuiGrpcClient, GrpcTypes as T} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Transaction} from '@mysten/sui/transactions'
import {compileKit} from '../../unit/devnet/executor/rig.ts'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {run, transports} from './stock-client.ts'

for (const [name, open] of Object.entries(transports)) {
  describe(`devnet: shared objects that are gone over ${name}`, function () {
    this.timeout(60_000)
    let devnet: Devnet
    let client: SuiGrpcClient
    let close: () => void
    let signer: Ed25519Keypair
    let kit: string
    let box: {objectId: string; initialSharedVersion: string}
    let endedAt: string

    before(async () => {
      devnet = await startDevnet({seed: 'ended', checkpointIntervalMs: 20, accounts: 1})
      ;({client, close} = open(devnet.url))
      signer = Ed25519Keypair.fromSecretKey(devnet.accounts[0]?.secretKey ?? '')
      const {modules, dependencies} = await compileKit()
      const publish = new Transaction()
      const code = [...modules.values()].map((bytes) => [...bytes])
      publish.transferObjects(
        [publish.publish({modules: code, dependencies: [...dependencies]})],
        signer.toSuiAddress(),
      )
      const {effects} = await run(client, signer, publish)
      kit = effects!.changedObjects.find(({outputState}) => outputState === 'PackageWrite')!.objectId
      const share = new Transaction()
      const made = share.moveCall({target: `${kit}::kit::box`, arguments: [share.pure.u64(5)]})
      share.moveCall({target: `${kit}::kit::share`, arguments: [made]})
      const shared = await run(client, signer, share)
      box = {
        objectId: shared.createdId('::kit::Box'),
        initialSharedVersion: shared.effects!.lamportVersion!,
      }
      const end = new Transaction()
      end.moveCall({target: `${kit}::kit::unbox`, arguments: [end.object(box.objectId)]})
      endedAt = (await run(client, signer, end)).effects!.lamportVersion!
    })
    after(async () => {
      close()
      await devnet.close()
    })

    function use(tx: Transaction, mutable: boolean): Transaction {
      const object = tx.sharedObjectRef({...box, mutable})
      const more = mutable ? [tx.pure.u64(1)] : []
      tx.moveCall({target: `${kit}::kit::${mutable ? 'set' : 'value'}`, arguments: [object, ...more]})
      return tx
    }
    async function built(mutable: boolean): Promise<Uint8Array<ArrayBuffer>> {
      const tx = use(new Transaction(), mutable)
      const {objects} = await client.listCoins({owner: signer.toSuiAddress(), limit: 1})
      tx.setSender(signer.toSuiAddress())
      tx.setGasPrice(1_000)
      tx.setGasBudget(10_000_000)
      tx.setGasPayment([...objects])
      tx.setExpiration({None: true})
      return Uint8Array.from(await tx.build())
    }

    it('the transaction fails, in a simulation of its bytes too', async () => {
      for (const [mutable, kind] of [
        [false, 'ReadConsensusStreamEnded'],
        [true, 'MutateConsensusStreamEnded'],
      ] as const) {
        const transaction = await built(mutable)
        const include = {effects: true} as const
        const {signature} = await signer.signTransaction(transaction)
        const tried = await client.simulateTransaction({transaction, include})
        const done = await client.executeTransaction({transaction, signatures: [signature], include})
        await client.waitForTransaction({result: done})
        for (const {FailedTransaction: failed} of [tried, done]) {
          assert.equal(failed?.status.success, false)
          assert.deepEqual(failed?.effects?.unchangedConsensusObjects, [
            {kind, objectId: box.objectId, version: endedAt, digest: null},
          ])
        }
        const {response} = await client.ledgerService.getTransaction({
          digest: done.FailedTransaction!.digest,
          readMask: {paths: ['effects']},
        })
        const proto = response.transaction!.effects!
        const fields = proto.unchangedConsensusObjects
        assert.equal(proto.status?.error?.kind, T.ExecutionError_ExecutionErrorKind.INPUT_OBJECT_DELETED)
        assert.deepEqual(
          fields.map(({objectId, version, digest}) => [objectId, version, digest]),
          [[box.objectId, BigInt(endedAt), undefined]],
        )
        const {V2} = bcs.TransactionEffects.parse(proto.bcs!.value!)
        assert.deepEqual(V2?.unchangedConsensusObjects, [[box.objectId, {$kind: kind, [kind]: endedAt}]])
      }
    })

    it('the resolver does not find it', async () => {
      const tx = new Transaction()
      tx.moveCall({target: `${kit}::kit::unbox`, arguments: [tx.object(box.objectId)]})
      tx.setSender(signer.toSuiAddress())
      await assert.rejects(tx.build({client}), (error: Error) => {
        assert.equal((error.cause as {code?: string}).code, 'NOT_FOUND')
        return true
      })
    })
  })
}
