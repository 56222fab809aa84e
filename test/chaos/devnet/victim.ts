/** A devnet that pays without end and says what is final: the process that the test kills. */
import {startDevnet} from '../../../src/lib/devnet/devnet.ts'

const [dataDir = ''] = process.argv.slice(2)
const devnet = await startDevnet({dataDir, seed: 'victim', checkpointIntervalMs: 5, accounts: 4})
process.stdout.write(`chain ${devnet.chainId}\n`)
devnet.node.onCheckpoint(({sequenceNumber, digest}) => {
  process.stdout.write(`checkpoint ${sequenceNumber} ${digest}\n`)
})
for (let amount = 1n; ; amount++) {
  const {coinId, digest} = await devnet.node.fund('0x77', amount)
  process.stdout.write(`paid ${digest} ${coinId} ${amount}\n`)
  if (amount % 20n === 0n) await new Promise((resolve) => setTimeout(resolve, 1))
}
