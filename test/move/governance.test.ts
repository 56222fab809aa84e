import * as template from '@mysten/move-bytecode-template'
import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Secp256k1Keypair} from '@mysten/sui/keypairs/secp256k1'
import {MultiSigPublicKey} from '@mysten/sui/multisig'
import {Transaction} from '@mysten/sui/transactions'
import assert from 'node:assert/strict'
import * as administration from '../../src/lib/contracts/administration.ts'
import {readDaasPackage} from '../../src/lib/contracts/package.ts'
import {readCluster} from '../../src/lib/contracts/reads.ts'
import * as clusterCalls from '../../src/lib/contracts/transactions/cluster.ts'
import * as nodeCalls from '../../src/lib/contracts/transactions/nodes.ts'
import * as stakeCalls from '../../src/lib/contracts/transactions/staking.ts'
import {made, startRig, type Rig} from './support/rig.ts'

const SUI = 1_000_000_000n

/** Every public function that takes an AdminCap, `module::name`: read from the bytecode, so that none is forgotten. */
function administrativeFunctions(): string[] {
  return readDaasPackage().modules.flatMap((text) => {
    const module = template.deserialize(new Uint8Array(Buffer.from(text, 'base64'))) as {
      self_module_handle_idx: number
      module_handles: {name: number}[]
      datatype_handles: {name: number}[]
      function_handles: {name: number; parameters: number}[]
      function_defs: {function: number; visibility: string}[]
      signatures: unknown[][]
      identifiers: string[]
    }
    const name = module.identifiers[module.module_handles[module.self_module_handle_idx]!.name]!
    const cap = module.datatype_handles.findIndex((each) => module.identifiers[each.name] === 'AdminCap')
    return module.function_defs
      .filter(({visibility}) => visibility === 'Public')
      .map(({function: index}) => module.function_handles[index]!)
      .filter(({parameters}) =>
        module.signatures[parameters]!.some((token) => JSON.stringify(token) === `{"Reference":{"Datatype":${cap}}}`),
      )
      .map((handle) => `${name}::${module.identifiers[handle.name]!}`)
  })
}

describe('governance of a cluster', function () {
  this.timeout(60_000)
  let rig: Rig

  // Two of three, of two kinds of keys.
  const members = [new Ed25519Keypair(), new Secp256k1Keypair(), new Ed25519Keypair()]
  const board = MultiSigPublicKey.fromPublicKeys({
    threshold: 2,
    publicKeys: members.map((member) => ({publicKey: member.getPublicKey(), weight: 1})),
  })
  const address = board.toSuiAddress()

  before(async () => {
    rig = await startRig({seed: 'governance'})
    await rig.run(rig.signers[0]!, (tx) => {
      tx.transferObjects([tx.splitCoins(tx.gas, [SUI])], address)
      tx.transferObjects([rig.adminCap], address)
    })
  })
  after(() => rig.close())

  /** What the board decides, signed by some of its members. */
  async function decide(
    signing: readonly number[],
    build: (tx: Transaction, admin: administration.AdminCall) => void,
  ): Promise<'done' | 'refused'> {
    const tx = new Transaction()
    tx.setSender(address)
    build(tx, {packageId: rig.packageId, cluster: rig.cluster.id, cap: rig.adminCap})
    const bytes = await tx.build({client: rig.client})
    const signatures = await Promise.all(
      signing.map(async (member) => (await members[member]!.signTransaction(bytes)).signature),
    )
    try {
      const result = await rig.client.executeTransaction({
        transaction: bytes,
        signatures: [board.combinePartialSignatures(signatures)],
      })
      assert.equal(result.$kind, 'Transaction')
      await rig.client.waitForTransaction({digest: result.Transaction!.digest})
      return 'done'
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
      return 'refused'
    }
  }

  const share = async (): Promise<bigint> => (await readCluster(rig.client, rig.cluster.id)).slashBps

  it('is done by as many members as the threshold asks for, whichever they are', async () => {
    for (const [signing, slashBps] of [
      [[0, 1], 11n],
      [[1, 2], 12n],
      [[0, 2], 13n],
      [[0, 1, 2], 14n],
    ] as const) {
      const end = await decide(signing, (tx, admin) => administration.setSlashBps(tx, {...admin, slashBps}))
      assert.equal(end, 'done')
      assert.equal(await share(), slashBps)
    }
  })

  it('is refused to fewer', async () => {
    const before = await share()
    for (const signing of [[0], [1], [2]]) {
      const end = await decide(signing, (tx, admin) => administration.setSlashBps(tx, {...admin, slashBps: 99n}))
      assert.equal(end, 'refused')
    }
    assert.equal(await share(), before)
  })

  it('is refused to whoever gave the AdminCap away', async () => {
    const admin = {packageId: rig.packageId, cluster: rig.cluster.id, cap: rig.adminCap}
    await assert.rejects(
      rig.run(rig.signers[0]!, (tx) => administration.setSlashBps(tx, {...admin, slashBps: 99n})),
    )
    assert.notEqual(await share(), 99n)
  })
})

describe('acts of an administrator', function () {
  this.timeout(60_000)
  let rig: Rig

  before(async () => {
    rig = await startRig({seed: 'acts'})
  })
  after(() => rig.close())

  it('are all events, one for each', async () => {
    const [admin, user] = [rig.signers[0]!, rig.signers[1]!]
    const call = {packageId: rig.packageId, cluster: rig.cluster.id}
    const by = {...call, cap: rig.adminCap}
    const tokens = {tokenHash: new Uint8Array(32).fill(1), ttlMs: 3_600_000n}
    const staked = await rig.run(user, (tx) => stakeCalls.stakeAndSeal(tx, {...call, ...tokens, amount: SUI, nodeId: 'a'}))
    const [stake, seal] = [made(staked, '::staking::Stake'), made(staked, '::seal_token::SealToken')]
    const {registry} = rig.cluster
    const listen = {...call, registry, cap: rig.listenerCap}
    const joined = await rig.run(admin, (tx) => nodeCalls.registerWorker(tx, {...listen, stake, seal}))
    const worker = made(joined, '::node_registry::WorkerNode')
    await rig.run(admin, (tx) => nodeCalls.evictWorker(tx, {...listen, worker, reason: 'lied'}))
    const may = {permissions: ['get:pods'], namespaces: ['*'], expiresAtMs: BigInt(Date.now()) + 3_600_000n}
    const granted = await rig.run(admin, (tx) =>
      administration.grantPermission(tx, {...by, user: user.toSuiAddress(), ...may}),
    )
    const grant = made(granted, '::grants::UserPermission')
    const ttls = {requestTtlMs: [1n, 1n, 1n, 1n], responseTtlMs: [1n, 1n, 1n, 1n]}
    const acts: Record<string, [event: string, build: (tx: Transaction) => void]> = {
      'administration::set_minimums': [
        'ClusterUpdated',
        (tx) => {
          const terms = {minStake: [1n, 1n, 1n], lockMs: [0n, 0n, 0n], writeMinStake: 1n}
          administration.setMinimums(tx, {...by, ...terms})
        },
      ],
      'administration::set_verb_minimum': [
        'ClusterUpdated',
        (tx) => administration.setVerbMinimum(tx, {...by, verb: 'delete', minStake: 1n}),
      ],
      'administration::set_unbonding': [
        'ClusterUpdated',
        (tx) => administration.setUnbonding(tx, {...by, unbondingMs: 1n}),
      ],
      'administration::set_slash_bps': [
        'ClusterUpdated',
        (tx) => administration.setSlashBps(tx, {...by, slashBps: 1n}),
      ],
      'administration::set_treasury': [
        'ClusterUpdated',
        (tx) => administration.setTreasury(tx, {...by, treasury: user.toSuiAddress()}),
      ],
      'administration::set_tiers': [
        'ClusterUpdated',
        (tx) => administration.setTiers(tx, {...by, tiers: [{minStake: 1n, permissions: ['*:*']}]}),
      ],
      'administration::set_ttls': [
        'ClusterUpdated',
        (tx) => administration.setTtls(tx, {...by, ...ttls, maxSealTtlMs: 1n, maxEnvelopeBytes: 1n}),
      ],
      'administration::set_key_overlap': [
        'ClusterUpdated',
        (tx) => administration.setKeyOverlap(tx, {...by, keyOverlapMs: 1n}),
      ],
      'administration::set_paused': ['ClusterUpdated', (tx) => clusterCalls.setPaused(tx, {...by, paused: true})],
      'administration::revoke_seals_before': [
        'ClusterUpdated',
        // Later than the revocation below can be forgotten by.
        (tx) => administration.revokeSealsBefore(tx, {...by, atMs: BigInt(Date.now()) - 1n}),
      ],
      'cluster::create_listener_cap': [
        'ListenerCapCreated',
        (tx) => clusterCalls.createListenerCap(tx, {...by, recipient: user.toSuiAddress()}),
      ],
      'cluster::revoke_listener_cap': [
        'ListenerCapRevoked',
        (tx) => administration.revokeListenerCap(tx, {...by, listenerCap: rig.listenerCap}),
      ],
      'grants::grant_permission': [
        'PermissionGranted',
        (tx) => administration.grantPermission(tx, {...by, user: user.toSuiAddress(), ...may}),
      ],
      'grants::revoke_permission': [
        'PermissionRevoked',
        (tx) => administration.revokePermission(tx, {...by, grant}),
      ],
      'node_registry::release_name': [
        'NameReleased',
        (tx) => nodeCalls.releaseName(tx, {...by, registry, worker}),
      ],
      'staking::slash_stake': ['StakeSlashed', (tx) => stakeCalls.slashStake(tx, {...by, stake, reason: 'lied'})],
      'staking::slash_stake_amount': [
        'StakeSlashed',
        (tx) => stakeCalls.slashStake(tx, {...by, stake, reason: 'lied', amount: 1n}),
      ],
      'cluster::revoke_seal': [
        'SealRevokedByAdmin',
        (tx) => administration.revokeSealByAdmin(tx, {...by, seal}),
      ],
    }
    // Views of a cap, what other tests do over an upgrade or over time, and what asserts only.
    const others = ['cluster::admin_cap_cluster', 'cluster::assert_admin', 'cluster::forget_seal', 'cluster::migrate']
    assert.deepEqual(administrativeFunctions().sort(), [...Object.keys(acts), ...others].sort())
    for (const [name, [event, build]] of Object.entries(acts)) {
      const from = rig.events.length
      await rig.run(admin, build)
      assert.deepEqual(
        rig.events.slice(from).map(({$kind}) => $kind),
        [event],
        name,
      )
    }
  })
})
