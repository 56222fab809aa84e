import {bcs} from '@mysten/sui/bcs'
import {Transaction, type TransactionObjectArgument} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {TransactionRejected, type LedgerTransaction} from '../../../../src/lib/devnet/ledger/api.ts'
import {createRandom, mutate, type Random} from '../fuzz/random.ts'
import {createKit, type Kit} from './kit-calls.ts'
import {balanceIn, compileKit, createRig, SUI_COIN, written, type Rig} from './rig.ts'

const CASES = Number(process.env.DAAS_PROPERTY_CASES ?? 40)
const SEED = Number(process.env.DAAS_PROPERTY_SEED ?? 1)
const BUDGET = 2_000_000_000n
const U64_MAX = (1n << 64n) - 1n
const OTHER = `0x${'77'.repeat(32)}`
const DEPENDENCIES = ['1', '2'].map((digit) => `0x${digit.padStart(64, '0')}`)

/** Runs a property for many seeds; a failure tells the seed. */
async function forAll(property: (random: Random) => Promise<void>, cases = CASES): Promise<void> {
  for (let index = 0; index < cases; index++) {
    try {
      await property(createRandom(SEED * 7_919 + index))
    } catch (error) {
      throw new Error(`DAAS_PROPERTY_SEED=${SEED}, case ${index}: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
}

describe('properties of the commands', function () {
  this.timeout(60_000 + CASES * 1_000)
  let rig: Rig
  let kit: Kit

  before(async () => {
    rig = await createRig({seed: 'property'})
    kit = await createKit(rig)
  })
  after(() => rig.node.close())

  const supply = (): bigint =>
    [rig.address, OTHER]
      .flatMap((owner) => rig.node.objectsOwnedBy(owner))
      .filter(({typeName}) => typeName === SUI_COIN)
      .reduce((sum, coin) => sum + balanceIn(coin), 0n)

  /** Executes; holds every transaction to what is true of all of them. */
  async function run(fill: (tx: Transaction) => unknown): Promise<{tx: LedgerTransaction; outcome: string}> {
    const before = supply()
    const result = new Transaction()
    fill(result)
    const tx = await rig.send(result, {budget: BUDGET})
    const {computationCost, storageCost, storageRebate} = tx.gasUsed
    assert.equal(
      before - supply(),
      computationCost + storageCost - storageRebate,
      'SUI is neither made nor lost',
    )
    assert.deepEqual(bcs.TransactionEffects.parse(tx.effectsBytes), tx.effects)
    const {status, changedObjects, lamportVersion} = tx.effects.V2!
    for (const [id, change] of changedObjects) {
      const live = rig.node.getObject(id)
      assert.equal(live === undefined, change.outputState.$kind === 'NotExist', `${id} is as the effects say`)
      if (change.outputState.$kind !== 'ObjectWrite') continue
      assert.deepEqual(
        [live!.version.toString(), live!.digest],
        [lamportVersion, change.outputState.ObjectWrite[0]],
      )
    }
    if (status.Failure === undefined) return {tx, outcome: ''}
    assert.ok(changedObjects.every(([, {idOperation}]) => idOperation.$kind !== 'Created'))
    const {error} = status.Failure
    assert.notEqual(error.$kind, 'VMInvariantViolation', tx.failure!.description)
    assert.notEqual(error.$kind, 'InvariantViolation', tx.failure!.description)
    const detail = error.CommandArgumentError
    return {tx, outcome: detail === undefined ? error.$kind : `${detail.kind.$kind} ${detail.argIdx}`}
  }

  async function boxes(count: number): Promise<string[]> {
    const {tx} = await run((tx) => {
      const made = Array.from({length: count}, (_, value) => kit.call(tx, 'box', tx.pure.u64(value)))
      tx.transferObjects(made, rig.address)
    })
    return tx.outputObjects.filter(({typeName}) => typeName?.endsWith('kit::Box')).map(({id}) => id)
  }

  async function coins(amounts: bigint[]): Promise<string[]> {
    const {tx} = await run((tx) => {
      const split = tx.splitCoins(tx.gas, amounts)
      tx.transferObjects(
        amounts.map((_, index) => split[index]!),
        rig.address,
      )
    })
    const made = tx.outputObjects.filter(({id, typeName}) => typeName === SUI_COIN && id !== gasOf(tx))
    return amounts.map((amount) => {
      const index = made.findIndex((coin) => balanceIn(coin) === amount)
      return made.splice(index, 1)[0]!.id
    })
  }

  const gasOf = (tx: LedgerTransaction) => tx.data.V1.gasData.payment[0]!.objectId
  const amountOf = (random: Random): bigint =>
    random.pick([0n, 1n, BigInt(random.below(1_000)), BigInt(random.below(1_000_000)), U64_MAX, U64_MAX - 1n])

  it('SplitCoins gives exactly the amounts, or nothing when they are more than there is', () =>
    forAll(async (random) => {
      const [coin] = await coins([BigInt(random.below(1_000_000))])
      const start = balanceIn(rig.node.getObject(coin!))
      const amounts = Array.from({length: 1 + random.below(5)}, () => amountOf(random))
      const {tx, outcome} = await run((tx) => {
        const split = tx.splitCoins(tx.objectRef(rig.ref(coin!)), amounts)
        tx.transferObjects(
          amounts.map((_, index) => split[index]!),
          OTHER,
        )
      })
      const sum = amounts.reduce((total, amount) => total + amount, 0n)
      assert.equal(outcome, sum > start ? 'InsufficientCoinBalance' : '')
      if (outcome !== '') return
      assert.equal(balanceIn(rig.node.getObject(coin!)), start - sum)
      const given = tx.outputObjects.filter(({owner}) => owner.kind === 'address' && owner.address === OTHER)
      const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
      assert.deepEqual(given.map(balanceIn).sort(compare), amounts.toSorted(compare))
    }))

  it('MergeCoins adds up, and takes no coin twice, no coin into itself and never the gas coin', () =>
    forAll(async (random) => {
      const amounts = Array.from({length: 4}, () => BigInt(1 + random.below(1_000)))
      const ids = await coins(amounts)
      // -1 is the gas coin.
      const pickCoin = (): number => (random.below(8) === 0 ? -1 : random.below(ids.length))
      const into = pickCoin()
      const sources = Array.from({length: 1 + random.below(3)}, pickCoin)
      const {outcome} = await run((tx) => {
        const known = ids.map((id) => tx.objectRef(rig.ref(id)))
        const coin = (index: number): TransactionObjectArgument => (index < 0 ? tx.gas : known[index]!)
        tx.mergeCoins(coin(into), sources.map(coin))
      })
      const wrong = sources.findIndex(
        (source, index) => source === -1 || source === into || sources.indexOf(source) < index,
      )
      if (wrong < 0) {
        assert.equal(outcome, '')
        const total = sources.reduce((sum, source) => sum + amounts[source]!, into < 0 ? 0n : amounts[into]!)
        if (into >= 0) assert.equal(balanceIn(rig.node.getObject(ids[into]!)), total)
        for (const source of sources) assert.equal(rig.node.getObject(ids[source]!), undefined)
        return
      }
      const source = sources[wrong]!
      const borrowed = source === into
      const kind = borrowed
        ? 'CannotMoveBorrowedValue'
        : source === -1
          ? 'InvalidGasCoinUsage'
          : 'InvalidValueUsage'
      assert.equal(outcome, `${kind} ${wrong + 1}`)
    }))

  it('TransferObjects gives each object once to the address, the gas coin too', () =>
    forAll(async (random) => {
      const ids = await boxes(3)
      const chosen = Array.from({length: 1 + random.below(4)}, () => random.below(ids.length))
      const addressed = random.below(6) === 0
      const {outcome, tx} = await run((tx) => {
        const known = ids.map((id) => tx.objectRef(rig.ref(id)))
        const to = addressed ? tx.pure.u8(3) : tx.pure.address(OTHER)
        tx.transferObjects(
          chosen.map((index) => known[index]!),
          to,
        )
      })
      const twice = chosen.findIndex((each, index) => chosen.indexOf(each) < index)
      if (twice >= 0) assert.equal(outcome, `InvalidValueUsage ${twice}`)
      else if (addressed) assert.equal(outcome, `InvalidBCSBytes ${chosen.length}`)
      else assert.equal(outcome, '')
      if (outcome !== '') return
      ids.forEach((id, index) => {
        const owner = chosen.includes(index) ? OTHER : rig.address
        assert.deepEqual(rig.node.getObject(id)!.owner, {kind: 'address', address: owner})
      })
      assert.equal(tx.events.length, 0)
    }))

  it('MakeMoveVec keeps the elements in their order, and takes only those of its type', () =>
    forAll(async (random) => {
      const numbers = Array.from({length: 1 + random.below(6)}, () => BigInt(random.below(1_000)))
      const odd = random.below(3) === 0 ? random.below(numbers.length) : -1
      const {tx, outcome} = await run((tx) => {
        const elements = numbers.map((number, index) =>
          index === odd
            ? kit.call(tx, 'chip', tx.pure.u64(number))
            : random.below(2) === 0
              ? tx.pure.u64(number)
              : kit.call(tx, 'eat', kit.call(tx, 'potato', tx.pure.u64(number))),
        )
        const list = tx.makeMoveVec({type: 'u64', elements: elements as TransactionObjectArgument[]})
        kit.call(tx, 'happen', kit.call(tx, 'sum', list))
        kit.call(tx, 'happen', kit.call(tx, 'sum', list))
      })
      assert.equal(outcome, odd < 0 ? '' : `TypeMismatch ${odd}`)
      if (outcome !== '') return
      const sum = numbers.reduce((total, number) => total + number, 0n)
      assert.deepEqual(
        tx.events.map((event) => BigInt(bcs.U64.parse(event.contents))),
        [sum, sum],
      )
    }))

  it('MoveCall ends in success or a legal failure, whatever it is given', () => {
    const functions = [
      ...['box', 'set', 'value', 'unbox', 'wrap', 'potato', 'eat', 'chip', 'crunch', 'stamp', 'lick', 'peek'],
      ...['two', 'sum', 'same', 'three', 'overflow', 'borrow_from', 'repay', 'secret', 'share', 'freeze_it'],
      ...['add_field', 'drop_field', 'hang', 'unhang', 'hidden', 'secret_repay', 'keep_all', 'receive'],
    ]
    const seen = new Set<string>()
    return forAll(async (random) => {
      const ids = await boxes(2)
      const {outcome} = await run((tx) => {
        const known = ids.map((id) => tx.objectRef(rig.ref(id)))
        const count = 2 + random.below(6)
        for (let number = 0; number < count; number++) {
          const args = Array.from({length: random.below(3)}, (): TransactionObjectArgument => {
            const earlier = random.below(Math.max(number, 1))
            switch (random.below(6)) {
              case 0:
                return tx.pure.u64(random.below(9)) as never
              case 1:
                return {NestedResult: [earlier, random.below(2)], $kind: 'NestedResult'}
              case 2:
                return {Result: earlier, $kind: 'Result'}
              case 3:
                return random.below(4) === 0 ? tx.gas : random.pick(known)
              default:
                return random.pick(known)
            }
          })
          kit.call(tx, random.pick(functions), ...args)
        }
      })
      seen.add(outcome.split(' ')[0]!)
    }, CASES * 3).then(() => {
      for (const kind of ['ArityMismatch', 'TypeMismatch', 'NonEntryFunctionInvoked'])
        assert.ok(seen.has(kind), kind)
    })
  })

  it('Publish takes what was damaged, or refuses it; what it took does no harm when it is called', async () => {
    const [module] = (await compileKit()).modules.values()
    const outcomes = new Map<string, number>()
    await forAll(async (random) => {
      const code = mutate(module!, random)
      const attempt = new Transaction()
      const modules = [[...code]]
      attempt.transferObjects([attempt.publish({modules, dependencies: DEPENDENCIES})], rig.address)
      const published = await rig.send(attempt, {budget: BUDGET}).catch((error: unknown) => {
        // The SDK or the node could refuse bytes that are too many.
        assert.ok(error instanceof TransactionRejected, (error as Error).stack)
        return undefined
      })
      const kind = published?.failure?.kind ?? 'published'
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
      const id = published?.outputObjects.find((object) => object.package !== undefined)?.id
      if (id === undefined) return
      for (let calls = 0; calls < 4; calls++) {
        const call = new Transaction()
        const target = `${id}::kit::${random.pick(['two', 'call_hidden', 'three', 'overflow', 'happen', 'box'])}`
        call.moveCall({target, arguments: random.below(2) === 0 ? [] : [call.pure.u64(3)]})
        await rig.send(call, {budget: BUDGET})
      }
    }, CASES * 2)
    assert.ok((outcomes.get('VMVerificationOrDeserializationError') ?? 0) > 0, JSON.stringify([...outcomes]))
    assert.ok((outcomes.get('published') ?? 0) > 0, JSON.stringify([...outcomes]))
  })

  it('Upgrade follows only the ticket of its package, and counts versions', async () => {
    const {kit: first, cap} = await rig.publishKit()
    const {modules} = await compileKit()
    const {upgradeDigest} = await import('../../../../src/lib/devnet/executor/publish.ts')
    const code = [...modules.values()]
    const digest = upgradeDigest(code, DEPENDENCIES)
    let current = first
    let version = 1n
    await forAll(async (random) => {
      const wrong = random.below(2) === 0 ? undefined : random.pick(['package', 'digest', 'policy'] as const)
      const {tx, outcome} = await run((tx) => {
        const held = tx.objectRef(rig.ref(cap))
        const authorised = wrong === 'digest' ? mutate(digest, random).slice(0, 32) : digest
        const policy = wrong === 'policy' ? 1 + random.below(100) : 0
        const ticket = tx.moveCall({
          target: '0x2::package::authorize_upgrade',
          arguments: [held, tx.pure.u8(policy), tx.pure.vector('u8', [...authorised])],
        })
        const target = wrong === 'package' ? kit.id : current
        const payload = {modules: code.map((bytes) => [...bytes]), dependencies: DEPENDENCIES}
        const receipt = tx.upgrade({...payload, package: target, ticket})
        tx.moveCall({target: '0x2::package::commit_upgrade', arguments: [held, receipt]})
      })
      const capVersion = rig.node.getObject(cap)!.contents[64]
      if (outcome === '') {
        current = tx.outputObjects.find((object) => object.package !== undefined)!.id
        version += 1n
        assert.equal(rig.node.getObject(current)!.version, version)
        assert.ok(wrong === undefined || wrong === 'digest')
      } else {
        assert.equal(outcome, 'PackageUpgradeError')
        assert.notEqual(wrong, undefined)
      }
      assert.equal(capVersion, Number(version), written(tx, 'package::UpgradeCap').id)
    }, 12)
  })
})
