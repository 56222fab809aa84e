import {bcs} from '@mysten/sui/bcs'
import {Transaction} from '@mysten/sui/transactions'
import {fromBase64} from '@mysten/sui/utils'
import assert from 'node:assert/strict'
import {createCluster} from '../../../src/lib/contracts/transactions/cluster.ts'
import {endSession, executeKubectl, storeResponse} from '../../../src/lib/contracts/transactions/requests.ts'
import {createUserSeal} from '../../../src/lib/contracts/transactions/seals.ts'
import {
  slashStake,
  stakeAndSeal,
  stakeForUser,
  withdrawStake,
} from '../../../src/lib/contracts/transactions/staking.ts'

const ID = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`
const PACKAGE = ID(0xdaa5)
const base = {packageId: PACKAGE, cluster: ID(1)}
const seal = {tokenHash: new Uint8Array(32).fill(9), ttlMs: 1000n}

/** The commands of a transaction, in short. */
function commandsOf(tx: Transaction): string[] {
  return tx.getData().commands.map((command) => {
    if (command.$kind !== 'MoveCall') return command.$kind
    const {package: packageId, module, function: name} = command.MoveCall
    assert.equal(packageId, PACKAGE)
    return `${module}::${name}`
  })
}

/** The pure input of an argument of the last call. */
function pureOf(tx: Transaction, position: number): Uint8Array {
  const {commands, inputs} = tx.getData()
  const argument = commands.at(-1)?.MoveCall?.arguments[position]
  const input = argument?.$kind === 'Input' ? inputs[argument.Input] : undefined
  return fromBase64(input?.Pure?.bytes ?? assert.fail(`argument ${position} is not pure`))
}

describe('contracts: transactions', () => {
  it('stakes, seals and shares in one transaction', () => {
    const tx = new Transaction()
    stakeAndSeal(tx, {...base, ...seal, amount: 5n, nodeId: 'w1'})
    assert.deepEqual(commandsOf(tx), [
      'SplitCoins',
      'staking::stake_for_node',
      'seal_token::create_worker_seal_token',
      'staking::share_stake',
    ])
  })

  it('stakes for a user', () => {
    const tx = new Transaction()
    stakeForUser(tx, {...base, amount: 5n})
    assert.deepEqual(commandsOf(tx), ['SplitCoins', 'staking::stake_for_user', 'staking::share_stake'])
  })

  it('names the clock by itself', () => {
    const tx = new Transaction()
    createUserSeal(tx, {...base, ...seal, stake: ID(2)})
    const ids = tx
      .getData()
      .inputs.map((input) => input.UnresolvedObject?.objectId ?? input.Object?.SharedObject?.objectId)
    assert.ok(ids.includes(ID(6)))
    assert.deepEqual(pureOf(tx, 2), Uint8Array.from([32, ...seal.tokenHash]))
    assert.deepEqual(pureOf(tx, 3), bcs.u64().serialize(1000n).toBytes())
  })

  it('gives what comes back to someone', () => {
    const tx = new Transaction()
    withdrawStake(tx, {...base, stake: ID(2), ticket: ID(3), recipient: ID(4)})
    createCluster(tx, {packageId: PACKAGE, name: 'c', k3sVersion: 'v1', recipient: ID(4)})
    assert.deepEqual(commandsOf(tx), [
      'staking::withdraw_stake',
      'TransferObjects',
      'cluster::create',
      'TransferObjects',
    ])
  })

  it('slashes by share or by amount', () => {
    const tx = new Transaction()
    slashStake(tx, {...base, cap: ID(2), stake: ID(3), reason: 'x'})
    slashStake(tx, {...base, cap: ID(2), stake: ID(3), reason: 'x', amount: 7n})
    assert.deepEqual(commandsOf(tx), ['staking::slash_stake', 'staking::slash_stake_amount'])
    assert.deepEqual(pureOf(tx, 3), bcs.u64().serialize(7n).toBytes())
  })

  const request = {
    ...base,
    seal: ID(2),
    stake: ID(3),
    requestId: new Uint8Array(16),
    verb: 'get',
    resource: 'pods',
    namespace: '',
    priority: 0,
  }

  it('puts a small envelope into one input', () => {
    const tx = new Transaction()
    executeKubectl(tx, {...request, envelope: [new Uint8Array([1, 2]), new Uint8Array([3])]})
    assert.deepEqual(commandsOf(tx), ['k8s_gateway::execute_kubectl_command_with_id'])
    assert.deepEqual(pureOf(tx, 7), Uint8Array.from([2, 2, 1, 2, 1, 3]))
  })

  it('puts a large envelope together of inputs of at most 16 KiB', () => {
    const tx = new Transaction()
    executeKubectl(tx, {...request, envelope: Array.from({length: 6}, () => new Uint8Array(16_000))})
    assert.deepEqual(commandsOf(tx), ['MakeMoveVec', 'k8s_gateway::execute_kubectl_command_with_id'])
    for (const input of tx.getData().inputs) {
      if (input.Pure?.bytes) assert.ok(fromBase64(input.Pure.bytes).length <= 16_384)
    }
  })

  it('answers without a body', () => {
    const tx = new Transaction()
    storeResponse(tx, {
      ...base,
      request: ID(2),
      cap: ID(3),
      status: 200,
      body: [],
      bodyHash: new Uint8Array(32),
      bodyLocation: '/v1/blobs/00',
    })
    assert.deepEqual(commandsOf(tx), ['k8s_gateway::store_k8s_response'])
    assert.deepEqual(pureOf(tx, 4), Uint8Array.from([0]))
  })

  it('records the end of a session', () => {
    const tx = new Transaction()
    const counts = {bytesIn: 1n, bytesOut: 2n, reason: 4}
    endSession(tx, {...base, cap: ID(3), request: ID(2), requestId: new Uint8Array(16), ...counts})
    assert.deepEqual(commandsOf(tx), ['sessions::end_session'])
    assert.deepEqual(pureOf(tx, 5), bcs.u64().serialize(2n).toBytes())
  })
})
