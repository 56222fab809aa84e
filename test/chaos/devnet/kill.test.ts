import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {randomInt} from 'node:crypto'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {startDevnet} from '../../../src/lib/devnet/devnet.ts'

const ROUNDS = 4
/** Beyond the 512 transactions after which the state in the file is brought up to date. */
const MOST_LINES = 900

/** Runs the victim until it has said so many lines, kills it, and gives what it said. */
async function killAfter(dir: string, lines: number): Promise<string[]> {
  const victim = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'victim.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(victim, 'exit')
  const said: string[] = []
  for await (const line of createInterface({input: victim.stdout})) {
    said.push(line)
    if (said.length === lines) victim.kill('SIGKILL')
  }
  await exited
  return said
}

describe('kill -9 of a devnet with a data directory', function () {
  this.timeout(60_000)

  it('loses nothing that was final, whenever it comes', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'daas-kill-'))
    const paid = new Map<string, {coin: string; amount: bigint}>()
    const checkpoints = new Map<bigint, string>()
    const chains = new Set<string>()
    try {
      for (let round = 0; round < ROUNDS; round++) {
        for (const line of await killAfter(dir, randomInt(1, MOST_LINES))) {
          const [kind, ...words] = line.split(' ')
          if (kind === 'chain') chains.add(words[0]!)
          if (kind === 'checkpoint') checkpoints.set(BigInt(words[0]!), words[1]!)
          if (kind === 'paid') paid.set(words[0]!, {coin: words[1]!, amount: BigInt(words[2]!)})
        }
        const {node, chainId, close} = await startDevnet({dataDir: dir})
        chains.add(chainId)
        for (const [digest, {coin, amount}] of paid) {
          assert.equal(node.getTransaction(digest)?.failure, undefined)
          const object = node.getObject(coin)
          assert.ok(object !== undefined, `coin ${coin} of ${digest} is lost`)
          assert.equal(
            new DataView(object.bcs.buffer, object.contents.byteOffset).getBigUint64(32, true),
            amount,
          )
        }
        for (const [sequence, digest] of checkpoints) {
          assert.equal(node.checkpointBySequence(sequence)?.digest, digest)
        }
        const {sequenceNumber} = node.tip()
        for (let at = 1n; at <= sequenceNumber; at++) {
          const {previousDigest} = node.checkpointBySequence(at)!
          assert.equal(previousDigest, node.checkpointBySequence(at - 1n)!.digest)
        }
        await close()
      }
      assert.equal(chains.size, 1)
      assert.ok(paid.size > ROUNDS)
    } finally {
      await rm(dir, {recursive: true})
    }
  })
})
