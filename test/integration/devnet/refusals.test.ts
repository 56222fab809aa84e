/** Transactions that Sui does not execute: status and text, as the stock client gets them. */
import assert from 'node:assert/strict'
import type {SuiGrpcClient} from '@mysten/sui/grpc'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Transaction} from '@mysten/sui/transactions'
import {type Devnet, startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {transports} from './stock-client.ts'

const sui = 1_000_000_000n
const OF_INPUTS = 'Error checking transaction input objects: '

interface Ref {
  readonly objectId: string
  readonly version: string
  readonly digest: string
}

interface Terms {
  readonly gas: readonly Ref[]
  readonly price?: bigint
  readonly budget?: bigint
  readonly signers?: readonly Ed25519Keypair[]
}

for (const [name, open] of Object.entries(transports)) {
  describe(`devnet: what is refused over ${name}`, function () {
    this.timeout(60_000)
    let devnet: Devnet
    let client: SuiGrpcClient
    let close: () => void
    let signer: Ed25519Keypair
    const stranger = new Ed25519Keypair()

    before(async () => {
      devnet = await startDevnet({seed: 'refusals', accounts: 4})
      ;({client, close} = open(devnet.url))
    })
    after(async () => {
      close()
      await devnet.close()
    })
    beforeEach(async () => {
      signer = new Ed25519Keypair()
      for (let coin = 0; coin < 2; coin += 1) await devnet.node.fund(signer.toSuiAddress(), sui)
    })

    const coins = async (owner: Ed25519Keypair): Promise<Ref[]> =>
      (await client.listCoins({owner: owner.toSuiAddress()})).objects
    const mine = async (): Promise<[Ref, Ref]> => (await coins(signer)) as [Ref, Ref]

    async function send(fill: (tx: Transaction) => void, terms: Terms) {
      const tx = new Transaction()
      fill(tx)
      tx.setSender(signer.toSuiAddress())
      tx.setGasPrice(terms.price ?? 1_000n)
      tx.setGasBudget(terms.budget ?? 5_000_000n)
      tx.setGasPayment([...terms.gas])
      tx.setExpiration({None: true})
      const transaction = await tx.build()
      const signed = (terms.signers ?? [signer]).map(async (key) => key.signTransaction(transaction))
      const signatures = (await Promise.all(signed)).map(({signature}) => signature)
      return client.executeTransaction({transaction, signatures})
    }
    const split = (tx: Transaction): void => {
      tx.transferObjects([tx.splitCoins(tx.gas, [1n])], stranger.toSuiAddress())
    }
    async function refused(sent: Promise<unknown>, message: string, code = 'INVALID_ARGUMENT') {
      const error: unknown = await sent.then(
        () => assert.fail('it was executed'),
        (reason: unknown) => reason,
      )
      const {code: found, message: text} = error as {code: string; message: string}
      assert.deepEqual([found, text], [code, message])
    }

    it('signatures: wrong, too many, of others', async () => {
      const [coin] = await mine()
      const owner = signer.toSuiAddress()
      await refused(
        send(split, {gas: [coin], signers: [stranger]}),
        `Invalid user signature: Required Signature from ${owner} is absent ["${stranger.toSuiAddress()}"]`,
      )
      await refused(
        send(split, {gas: [coin], signers: [signer, stranger]}),
        'Invalid user signature: Expect 1 signer signatures but got 2',
      )
      await refused(
        send(split, {gas: [coin], signers: []}),
        'Invalid user signature: Expect 1 signer signatures but got 0',
      )
    })

    it('a version that is spent, for equivocation too', async () => {
      const [coin] = await mine()
      const spent = await client.waitForTransaction({result: await send(split, {gas: [coin]})})
      assert.equal(spent.$kind, 'Transaction')
      const {object} = await client.getObject({objectId: coin.objectId})
      const hex = (version: string): string => `0x${BigInt(version).toString(16)}`
      await refused(
        send(split, {gas: [coin], budget: 6_000_000n}),
        `${OF_INPUTS}Object ID ${coin.objectId} Version ${hex(coin.version)} Digest ${coin.digest} is not ` +
          `available for consumption, current version: ${hex(object.version)}`,
      )
    })

    it('objects: with another digest, of another, of nobody', async () => {
      const [coin, other] = await mine()
      const give = (ref: Ref) => (tx: Transaction) =>
        tx.transferObjects([tx.objectRef(ref)], stranger.toSuiAddress())
      await refused(
        send(give({...other, digest: coin.digest}), {gas: [coin]}),
        `${OF_INPUTS}Invalid Object digest for object ${other.objectId}. Expected digest : ${other.digest}`,
      )
      const {coinId} = await devnet.node.fund(stranger.toSuiAddress(), sui)
      const {object: theirs} = await client.getObject({objectId: coinId})
      await refused(
        send(give(theirs), {gas: [coin]}),
        `${OF_INPUTS}Transaction was not signed by the correct sender: Object ${coinId} is owned by account ` +
          `address ${stranger.toSuiAddress()}, but given owner/signer address is ${signer.toSuiAddress()}`,
      )
      const missing = {...other, objectId: `0x${'9'.repeat(64)}`}
      await refused(
        send(give(missing), {gas: [coin]}),
        `${OF_INPUTS}Could not find the referenced object ${missing.objectId} at version ` +
          `Some(SequenceNumber(${missing.version}))`,
        'NOT_FOUND',
      )
    })

    it('gas: missing, too little, a budget too low or too high, a price below the reference', async () => {
      const [coin] = await mine()
      await refused(send(split, {gas: []}), `${OF_INPUTS}Transaction gas payment missing`)
      await refused(
        send(split, {gas: [coin], budget: 2n * sui}),
        `${OF_INPUTS}Balance of gas object ${sui} is lower than the needed amount: ${2n * sui}`,
      )
      await refused(
        send(split, {gas: [coin], budget: 999_999n}),
        `${OF_INPUTS}Gas budget: 999999 is lower than min: 1000000`,
      )
      await refused(
        send(split, {gas: [coin], budget: 50n * sui + 1n}),
        `${OF_INPUTS}Gas budget: 50000000001 is higher than max: 50000000000`,
      )
      await refused(
        send(split, {gas: [coin], price: 999n}),
        `${OF_INPUTS}Gas price 999 under reference gas price (RGP) 1000`,
      )
    })
  })
}
