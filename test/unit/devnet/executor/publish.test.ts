import {bcs} from '@mysten/sui/bcs'
import {Transaction, UpgradePolicy} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import {readDaasPackage} from '../../../../src/lib/contracts/package.ts'
import {withSelfAddress} from '../../../../src/lib/devnet/executor/module-address.ts'
import {summarizeModule} from '../../../../src/lib/devnet/executor/packages.ts'
import {upgradeDigest} from '../../../../src/lib/devnet/executor/publish.ts'
import {deriveObjectId} from '../../../../src/lib/devnet/executor/runtime.ts'
import {fromBase58} from '@mysten/bcs'
import {compileKit, CLOCK, createRig, written, type Rig} from './rig.ts'

const STDLIB = `0x${'1'.padStart(64, '0')}`
const FRAMEWORK = `0x${'2'.padStart(64, '0')}`

describe('packages on the devnet', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await createRig()
  })
  afterEach(() => rig.node.close())

  async function kitModules() {
    const {modules} = await compileKit()
    return [...modules.values()]
  }

  it('publishes, and runs init with its witness', async () => {
    const {kit, store, cap, published} = await rig.publishKit()
    const digest = fromBase58(published.digest)
    // The package takes the first id, then init: the Store and its table; the cap comes last.
    assert.deepEqual(
      [kit, store, cap],
      [0n, 1n, 3n].map((count) => deriveObjectId(digest, count)),
    )
    const stored = rig.node.getObject(kit)!
    assert.deepEqual(stored.owner, {kind: 'immutable'})
    const parsed = bcs.Object.parse(stored.bcs).data.Package!
    assert.equal(parsed.id, kit)
    assert.equal(parsed.version, '1')
    assert.deepEqual([...parsed.moduleMap.keys()], ['kit'])
    assert.deepEqual(
      [...parsed.linkageTable].map(([id, info]) => [id, info.upgradedId, info.upgradedVersion]),
      [
        [STDLIB, STDLIB, '1'],
        [FRAMEWORK, FRAMEWORK, '1'],
      ],
    )
    assert.equal(parsed.typeOriginTable.find((origin) => origin.datatypeName === 'Box')?.package, kit)
    const [, change] = published.effects.V2!.changedObjects.find(([id]) => id === kit)!
    assert.deepEqual(change.outputState.PackageWrite, ['1', stored.digest])
    assert.equal(change.idOperation.$kind, 'Created')
    assert.deepEqual(
      published.events.map((event) => [event.typeName, [...event.contents]]),
      [[`${kit}::kit::Made`, [1]]],
    )
    assert.deepEqual(
      rig.node.getObject(cap)?.contents,
      bcs
        .struct('UpgradeCap', {id: bcs.Address, package: bcs.Address, version: bcs.u64(), policy: bcs.u8()})
        .serialize({id: cap, package: kit, version: 1, policy: 0})
        .toBytes(),
    )
  })

  it('knows functions and datatypes of packages', async () => {
    const {kit} = await rig.publishKit()
    const set = rig.node.vm.functionInfo(kit, 'kit', 'set')
    assert.equal(set.visibility, 'public')
    assert.deepEqual(set.parameters[0], {
      kind: 'ref',
      mutable: true,
      to: {kind: 'datatype', address: kit, module: 'kit', name: 'Box', typeArgs: []},
    })
    assert.deepEqual(rig.node.vm.datatypeInfo(kit, 'kit', 'Box').abilities.toSorted(), ['key', 'store'])
  })

  it('refuses packages without what they need', async () => {
    const modules = (await kitModules()).map((bytes) => [...bytes])
    const publish = async (code: number[][], dependencies: string[]) => {
      const tx = new Transaction()
      tx.transferObjects([tx.publish({modules: code, dependencies})], rig.address)
      return (await rig.send(tx)).failure?.kind
    }
    assert.equal(await publish(modules, [STDLIB]), 'PublishUpgradeMissingDependency')
    const placed = (await kitModules()).map((bytes) => [...withSelfAddress(bytes, `0x${'9'.repeat(64)}`)])
    assert.equal(await publish(placed, [STDLIB, FRAMEWORK]), 'PublishErrorNonZeroAddress')
    assert.equal(await publish([[1, 2, 3]], [STDLIB, FRAMEWORK]), 'VMVerificationOrDeserializationError')
    await assert.rejects(publish(modules, [STDLIB, `0x${'9'.repeat(64)}`]), {code: 'NOT_FOUND'})
  })

  it('changes nothing of a module but its address', async () => {
    const [bytes] = await kitModules()
    const address = `0x${'ab'.repeat(32)}`
    const placed = withSelfAddress(bytes!, address)
    assert.equal(summarizeModule(placed).address, address)
    assert.equal(placed.filter((byte, index) => byte !== bytes![index]).length, 32)
    assert.deepEqual(withSelfAddress(placed, `0x${'0'.repeat(64)}`), bytes)
  })

  it('upgrades with a ticket for exactly these modules', async () => {
    const {kit, cap, store, published} = await rig.publishKit()
    const modules = await kitModules()
    const dependencies = [STDLIB, FRAMEWORK]
    const upgrade = async (digest: Uint8Array, code = modules) => {
      const tx = new Transaction()
      const held = tx.objectRef(rig.ref(cap))
      const ticket = tx.moveCall({
        target: '0x2::package::authorize_upgrade',
        arguments: [held, tx.pure.u8(UpgradePolicy.COMPATIBLE), tx.pure.vector('u8', [...digest])],
      })
      const receipt = tx.upgrade({
        modules: code.map((bytes) => [...bytes]),
        dependencies,
        package: kit,
        ticket,
      })
      tx.moveCall({target: '0x2::package::commit_upgrade', arguments: [held, receipt]})
      return rig.send(tx)
    }
    assert.equal((await upgrade(new Uint8Array(32))).failure?.kind, 'PackageUpgradeError')
    const upgraded = await upgrade(upgradeDigest(modules, dependencies))
    assert.equal(upgraded.failure, undefined)
    const next = upgraded.outputObjects.find((object) => object.package !== undefined)!
    assert.deepEqual([next.version, next.package!.version, next.package!.originalId], [2n, 2n, kit])
    assert.equal(next.package!.typeOrigins.get('kit::Box'), kit)
    // A type has the name of the package that defined it first, whichever version made the object.
    const tx = new Transaction()
    const box = tx.moveCall({target: `${next.id}::kit::box`, arguments: [tx.pure.u64(1)]})
    tx.moveCall({target: `${kit}::kit::set`, arguments: [box, tx.pure.u64(2)]})
    tx.moveCall({
      target: `${next.id}::kit::generic`,
      typeArguments: [`${next.id}::kit::Box`],
      arguments: [box],
    })
    const initialSharedVersion = published.effects.V2!.lamportVersion
    const shared = tx.sharedObjectRef({objectId: store, initialSharedVersion, mutable: true})
    tx.moveCall({target: `${next.id}::kit::put`, arguments: [shared, tx.pure.u64(1), tx.pure.string('x')]})
    tx.transferObjects([box], rig.address)
    const used = await rig.send(tx)
    assert.equal(used.failure, undefined)
    assert.equal(written(used, 'kit::Box').typeName, `${kit}::kit::Box`)
  })

  it('runs the contracts of daas', async () => {
    const code = readDaasPackage()
    const publish = new Transaction()
    publish.transferObjects([publish.publish(code)], rig.address)
    const published = await rig.send(publish)
    assert.equal(published.failure, undefined)
    const daas = published.outputObjects.find((object) => object.package !== undefined)!.id
    const create = new Transaction()
    const admin = create.moveCall({
      target: `${daas}::cluster::create`,
      arguments: [
        create.pure.string('lab'),
        create.pure.string('v1.34.1+k3s1'),
        create.sharedObjectRef(CLOCK),
      ],
    })
    create.transferObjects([admin], rig.address)
    const created = await rig.send(create)
    assert.equal(created.failure, undefined)
    const cluster = written(created, 'cluster::Cluster')
    const shared = {objectId: cluster.id, initialSharedVersion: cluster.version.toString(), mutable: false}
    const stake = async (amount: number, name: string) => {
      const tx = new Transaction()
      const staked = tx.moveCall({
        target: `${daas}::staking::stake_for_node`,
        arguments: [
          tx.sharedObjectRef(shared),
          tx.splitCoins(tx.gas, [amount])[0]!,
          tx.pure.string(name),
          tx.sharedObjectRef(CLOCK),
        ],
      })
      tx.moveCall({target: `${daas}::staking::share_stake`, arguments: [staked]})
      return rig.send(tx)
    }
    assert.equal((await stake(999_999_999, 'w1')).failure?.abort?.module, 'staking')
    const staked = await stake(1_000_000_000, 'w1')
    assert.equal(staked.failure, undefined)
    assert.deepEqual(
      staked.events.map((event) => event.typeName),
      [`${daas}::staking::StakeCreated`],
    )
    const object = written(staked, 'staking::Stake')
    const ticket = written(staked, 'staking::StakeTicket')
    const withdraw = new Transaction()
    const coin = withdraw.moveCall({
      target: `${daas}::staking::withdraw_stake`,
      arguments: [
        withdraw.sharedObjectRef(shared),
        withdraw.sharedObjectRef({
          objectId: object.id,
          initialSharedVersion: object.version.toString(),
          mutable: true,
        }),
        withdraw.objectRef(rig.ref(ticket.id)),
        withdraw.sharedObjectRef(CLOCK),
      ],
    })
    withdraw.transferObjects([coin], rig.address)
    const withdrawn = await rig.send(withdraw)
    assert.equal(withdrawn.failure, undefined)
    assert.equal(rig.node.getObject(object.id), undefined)
    assert.equal(rig.node.getObject(ticket.id), undefined)
  })
})
