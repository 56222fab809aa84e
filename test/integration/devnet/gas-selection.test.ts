/** Price, budget and payment that the devnet chooses, by the rules of real nodes (facts/sui.md 1.3). */
import assert from 'node:assert/strict'
import {SuiGrpcClient, GrpcTypes as T} from '@mysten/sui/grpc'
import {normalizeSuiAddress} from '@mysten/sui/utils'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {structuredPayment} from './stock-client.ts'

const sui = 1_000_000_000n
const maxTxGas = 50n * sui
/** Ten coins more are 10 x 40 bytes at 15, rounded up to 1,000 units of 1,000 MIST each. */
const tenCoins = 6_000n * 1_000n

describe('devnet: gas selection', function () {
  this.timeout(60_000)
  let devnet: Devnet
  let client: SuiGrpcClient
  const one = normalizeSuiAddress('0xa1')
  const many = normalizeSuiAddress('0xa2')

  before(async () => {
    devnet = await startDevnet({seed: 'gas', accounts: 1})
    client = new SuiGrpcClient({network: 'localnet', baseUrl: devnet.url, format: 'binary'})
    await devnet.node.fund(one, sui)
    for (let coin = 0; coin < 11; coin += 1) await devnet.node.fund(many, sui)
  })
  after(() => devnet.close())

  async function simulate(
    sender: string,
    gasPayment: Parameters<typeof T.GasPayment.create>[0],
    options: {doGasSelection?: boolean} = {doGasSelection: true},
  ) {
    const transaction = T.Transaction.create({
      sender,
      gasPayment: {owner: sender, ...gasPayment},
      kind: structuredPayment(),
    })
    const {response} = await client.transactionExecutionService.simulateTransaction({transaction, ...options})
    return response.transaction?.transaction?.gasPayment ?? assert.fail()
  }
  const coinsOf = async (owner: string) =>
    (await client.listCoins({owner})).objects.map(({objectId}) => ({objectId}))

  it('adds to an estimated budget what it costs to load more coins', async () => {
    const single = await simulate(one, {})
    const several = await simulate(many, {})
    assert.deepEqual([single.objects.length, several.objects.length], [1, 11])
    assert.equal(several.budget! - single.budget!, tenCoins)
    const named = await simulate(many, {objects: await coinsOf(many)})
    assert.equal(named.budget, several.budget)
    assert.deepEqual(
      new Set(named.objects.map((ref) => ref.digest)),
      new Set(several.objects.map((ref) => ref.digest)),
    )
  })

  it('takes a budget that is given', async () => {
    assert.equal((await simulate(many, {budget: 7_000_000n})).budget, 7_000_000n)
  })

  it('refuses coins that do not cover the estimate, and coins that are none', async () => {
    const {coinId} = await devnet.node.fund(one, 1_000n)
    await assert.rejects(simulate(one, {objects: [{objectId: coinId}]}), (error: Error) => {
      assert.match(
        error.message,
        /^Insufficient gas balance to cover estimated transaction cost\. Available gas balance: 1000 MIST\. /,
      )
      return true
    })
    await assert.rejects(simulate(one, {objects: [{objectId: '0x6'}]}), {
      code: 'INVALID_ARGUMENT',
      message: `object ${normalizeSuiAddress('0x6')} is not a valid gas coin`,
    })
    await assert.rejects(simulate(one, {objects: [{objectId: '0xdead'}]}), {code: 'NOT_FOUND'})
  })

  it('estimates nothing where it selects nothing', async () => {
    const without = await simulate(one, {}, {})
    assert.deepEqual([without.budget, without.objects.length], [maxTxGas, 0])
    const named = await simulate(many, {objects: await coinsOf(many)}, {})
    assert.equal(named.budget, 11n * sui)
  })
})
