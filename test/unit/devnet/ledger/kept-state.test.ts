import type {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {cp, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {startDevnet} from '../../../../src/lib/devnet/devnet.ts'
import {DataDir} from '../../../../src/lib/devnet/ledger/data-dir.ts'
import {createKit} from '../executor/kit-calls.ts'
import {createRig, written, type Rig} from '../executor/rig.ts'
import {seen} from './seen.ts'

/** The state in the file lags behind by up to so many transactions (kept-state.ts). */
const MOST_BEHIND = 512

describe('a devnet that starts on a long history', function () {
  this.timeout(60_000)
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-devnet-'))
  })
  afterEach(() => rm(dir, {recursive: true}))

  const open = (from: string): Promise<Rig> =>
    createRig({data: new DataDir(from), seed: 'long', checkpointIntervalMs: 3_600_000})

  /** A chain of so many transactions: objects made, changed, wrapped, ended, in and out of checkpoints and epochs. */
  async function write(rig: Rig, length: number): Promise<void> {
    const kit = await createKit(rig)
    const shared = written(
      await kit.succeed((tx) => kit.call(tx, 'share', kit.call(tx, 'box', tx.pure.u64(5)))),
      'kit::Box',
    )
    const initialSharedVersion = shared.version.toString()
    const arg = (tx: Transaction) =>
      tx.sharedObjectRef({objectId: shared.id, initialSharedVersion, mutable: true})
    await kit.succeed((tx) =>
      kit.call(tx, 'put', kit.shared(tx, true), tx.pure.u64(1), tx.pure.string('one')),
    )
    const wrapped = await kit.makeBox(3)
    await kit.succeed((tx) => kit.call(tx, 'wrap', kit.owned(tx, wrapped)))
    const changed = await kit.makeBox(0)
    await rig.node.advanceClock(86_400_000n)
    await rig.node.sealCheckpoint()
    await kit.succeed((tx) => kit.call(tx, 'unbox', arg(tx)))
    for (let count = 0; count < length; count++) {
      if (count % 3 === 0) {
        await kit.succeed((tx) => kit.call(tx, 'set', kit.owned(tx, changed), tx.pure.u64(count)))
      } else {
        await rig.node.fund('0x77', BigInt(count))
      }
      if (count % 50 === 0) await rig.node.sealCheckpoint()
    }
    assert.equal(
      (await kit.run((tx) => kit.call(tx, 'set', arg(tx), tx.pure.u64(1)))).failure?.kind,
      'InputObjectDeleted',
    )
  }

  it('is the chain it was, wherever the state in the file stands', async () => {
    const rig = await open(dir)
    for (const length of [MOST_BEHIND - 40, 20, 90, MOST_BEHIND + 3]) {
      await write(rig, length)
      const copy = await mkdtemp(join(tmpdir(), 'daas-devnet-copy-'))
      // What is on disk at this moment is what kill -9 leaves.
      await cp(dir, copy, {recursive: true})
      const again = await open(copy)
      assert.deepEqual(seen(again.node), seen(rig.node))
      await again.node.sealCheckpoint()
      const sealed = seen(again.node)
      await again.node.close()
      const third = await open(copy)
      assert.deepEqual(seen(third.node), sealed)
      const {chainId} = third.node
      assert.equal(third.node.checkpointByDigest(chainId)?.sequenceNumber, 0n)
      await third.node.close()
      await rm(copy, {recursive: true})
    }
    await rig.node.close()
  })

  it('does not go through it', async () => {
    const devnet = await startDevnet({dataDir: dir, seed: 'long', checkpointIntervalMs: 0})
    const first = await devnet.node.fund('0x77', 5n)
    for (let count = 0; count < 5; count++) await devnet.node.fund('0x77', 5n)
    await devnet.close()
    const db = new DatabaseSync(join(dir, 'ledger.db'))
    db.exec('DELETE FROM transactions WHERE sequence < 3')
    db.close()
    const again = await startDevnet({dataDir: dir})
    assert.equal(again.node.objectsOwnedBy(`0x${'77'.padStart(64, '0')}`).length, 6)
    assert.equal(again.node.getTransaction(first.digest), undefined)
    await again.close()
  })

  for (const [what, sql] of Object.entries({
    'an object that is missing': 'DELETE FROM objects WHERE rowid = (SELECT max(rowid) FROM objects)',
    'an object with another content':
      "UPDATE objects SET object = CAST(substr(object, 1, length(object) - 1) || x'01' AS BLOB) " +
      'WHERE rowid = (SELECT max(rowid) FROM objects)',
    'another last checkpoint':
      "UPDATE checkpoints SET digest = 'other' WHERE sequence = (SELECT max(sequence) FROM checkpoints)",
    'a last checkpoint without its transactions':
      'DELETE FROM transactions WHERE sequence = (SELECT max(sequence) FROM transactions)',
    'other effects in the last checkpoint':
      "UPDATE transactions SET effects = x'00' WHERE sequence = (SELECT max(sequence) FROM transactions)",
    'no checkpoint at all': 'DELETE FROM checkpoints',
  })) {
    it(`refuses ${what}`, async () => {
      const devnet = await startDevnet({dataDir: dir, seed: 'long', checkpointIntervalMs: 0})
      await devnet.node.fund('0x77', 5n)
      await devnet.close()
      const db = new DatabaseSync(join(dir, 'ledger.db'))
      db.exec(sql)
      db.close()
      await assert.rejects(startDevnet({dataDir: dir}), {errorName: 'DEVNET_DATA_UNREADABLE'})
    })
  }
})
