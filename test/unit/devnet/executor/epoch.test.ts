import {bcs} from '@mysten/sui/bcs'
import {SuiGrpcClient} from '@mysten/sui/grpc'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {TransactionRejected} from '../../../../src/lib/devnet/ledger/api.ts'
import {DataDir} from '../../../../src/lib/devnet/ledger/data-dir.ts'
import {CheckpointSummaryBcs} from '../../../../src/lib/devnet/ledger/formats.ts'
import {serveNode} from '../../../../src/lib/devnet/rpc/serve-node.ts'
import {createRig, type Rig} from './rig.ts'

const START = 1_000_000
const DURATION = 10_000

describe('epochs of the devnet', () => {
  let rig: Rig
  let now: number
  const start = async (options = {}) => {
    rig = await createRig({now: () => now, epochDurationMs: DURATION, ...options})
  }
  beforeEach(() => {
    now = START
  })
  afterEach(() => rig.node.close())

  const pay = (fill: (tx: Transaction) => void = () => undefined): Transaction => {
    const tx = new Transaction()
    tx.transferObjects([tx.splitCoins(tx.gas, [5n])], '0x77')
    fill(tx)
    return tx
  }

  /** What a transaction that is executed now sees as epoch. */
  const seen = async (): Promise<bigint> => {
    const tx = new Transaction()
    tx.moveCall({target: '0x2::tx_context::epoch', arguments: []})
    const {commandOutputs} = await rig.simulate(tx, false)
    return BigInt(bcs.u64().parse(commandOutputs[0]!.returnValues[0]!.bcs))
  }

  it('ends one when its time is over: in a checkpoint of its own, for transactions, and in what is charged', async () => {
    await start()
    const before = await rig.send(pay())
    now += DURATION
    const after = await rig.send(pay())
    assert.equal(before.effects.V2?.executedEpoch, '0')
    assert.equal(after.effects.V2?.executedEpoch, '1')
    assert.equal(await seen(), 1n)
    const last = rig.node.tip()
    assert.equal(last.endsEpoch, true)
    assert.equal(last.epoch, 0n)
    const kinds = last.transactions.map((tx) => tx.data.V1.kind.$kind)
    assert.equal(kinds.at(-1), 'EndOfEpochTransaction')
    assert.ok(kinds.includes('ProgrammableTransaction'))
    const summary = CheckpointSummaryBcs.parse(last.summaryBytes)
    assert.equal(summary.endOfEpochData?.nextEpochProtocolVersion, '138')
    const change = last.transactions.at(-1)!.data.V1.kind.EndOfEpochTransaction![0]!.ChangeEpoch!
    assert.equal(change.epoch, '1')
    assert.equal(change.computationCharge, String(before.gasUsed.computationCost))
    assert.deepEqual(rig.node.epoch(), {
      ...rig.node.epoch(),
      epoch: 1n,
      startTimestampMs: BigInt(START + DURATION),
    })
    const first = await rig.node.sealCheckpoint()
    assert.equal(first.epoch, 1n)
    assert.equal(first.endsEpoch, false)
    assert.equal(first.epochGas.computationCost, after.gasUsed.computationCost)
  })

  it('refuses what was valid in the epoch before only', async () => {
    await start()
    const until = (epoch: number) => pay((tx) => tx.setExpiration({Epoch: epoch}))
    await rig.send(until(0))
    now += DURATION
    await assert.rejects(rig.send(until(0)), (error) => {
      assert.ok(error instanceof TransactionRejected)
      assert.equal(error.message, 'Transaction Expired')
      return true
    })
    await rig.send(until(1))
  })

  it('goes on in the epoch it was in after a restart', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'daas-epoch-'))
    try {
      await start({data: new DataDir(dir)})
      for (let count = 0; count < 2; count++) {
        now += DURATION
        await rig.node.sealCheckpoint()
      }
      const {node: old} = rig
      const [epoch, span] = [old.epoch(), old.epochSpan(1n)]
      await old.close()
      now += 5
      await start({data: new DataDir(dir)})
      assert.deepEqual(rig.node.epoch(), epoch)
      assert.equal(epoch.epoch, 2n)
      assert.equal(rig.node.epochSpan(1n)?.last?.digest, span?.last?.digest)
    } finally {
      await rm(dir, {recursive: true})
    }
  })

  it('tells clients of it, who can move time on', async () => {
    await start()
    const server = await serveNode(rig.node, {port: 0, faucetMist: 1n})
    try {
      const client = new SuiGrpcClient({network: 'localnet', baseUrl: `http://127.0.0.1:${server.port}`})
      await client.forkingService.advanceClock({durationMs: BigInt(DURATION)})
      const {response: status} = await client.forkingService.getStatus({})
      assert.equal(status.epoch, 1n)
      const mask = {readMask: {paths: ['epoch', 'first_checkpoint', 'last_checkpoint', 'start', 'end']}}
      const {response: one} = await client.ledgerService.getEpoch({epoch: 0n, ...mask})
      const {response: two} = await client.ledgerService.getEpoch(mask)
      assert.equal(one.epoch?.lastCheckpoint, 1n)
      assert.equal(two.epoch?.epoch, 1n)
      assert.equal(two.epoch.firstCheckpoint, 2n)
      assert.equal(two.epoch.lastCheckpoint, undefined)
      assert.deepEqual(one.epoch?.end, two.epoch.start)
      const {response} = await client.ledgerService.getCheckpoint({
        checkpointId: {oneofKind: 'sequenceNumber', sequenceNumber: 1n},
        readMask: {paths: ['summary', 'transactions.transaction.kind']},
      })
      assert.equal(response.checkpoint?.summary?.endOfEpochData?.nextEpochProtocolVersion, 138n)
      await assert.rejects(client.ledgerService.getEpoch({epoch: 2n}).response, /Epoch 2 not found/)
    } finally {
      await server.close()
    }
  })
})
