import assert from 'node:assert/strict'
import {readSharedObjects, type FunctionUse} from '../../scripts/move/shared-objects.ts'
import {readDaasPackage} from '../../src/lib/contracts/package.ts'

const {shared, functions} = readSharedObjects(
  readDaasPackage().modules.map((text) => new Uint8Array(Buffer.from(text, 'base64'))),
)
const names = (found: readonly FunctionUse[]): string[] => found.map(({name}) => name).sort()
const changing = ({shared: objects}: FunctionUse): string[] =>
  objects.filter(({use}) => use !== 'reads').map(({object}) => object)

describe('who waits for whom, by the bytecode', () => {
  it('shares these objects and no others', () => {
    const expected = ['Cluster', 'KubectlRequest', 'NodeRegistry', 'Stake', 'UserPermission', 'WorkerNode']
    assert.deepEqual([...shared].sort(), expected)
  })

  it('lets nobody without a capability write what is everyone’s', () => {
    const found = functions.filter(
      (each) => each.by === 'everyone' && changing(each).some((it) => it === 'Cluster' || it === 'NodeRegistry'),
    )
    assert.deepEqual(names(found), [])
  })

  it('lets everyone else write one object of their own at most, and no other', () => {
    const found = functions
      .filter((each) => each.by === 'everyone' && changing(each).length > 0)
      .map((each) => [each.name, ...changing(each)])
    assert.deepEqual(found.sort(), [
      ['grants::prune', 'UserPermission'],
      ['k8s_gateway::prune', 'KubectlRequest'],
      ['node_registry::heartbeat', 'WorkerNode'],
      ['staking::add_stake', 'Stake'],
      ['staking::request_unstake', 'Stake'],
      ['staking::share_stake', 'Stake'],
      ['staking::withdraw_stake', 'Stake'],
    ])
  })

  it('writes no shared object at all for a command: the seal only, which is the requester’s', () => {
    const commands = functions.filter(({name}) => /^k8s_gateway::execute_/.test(name))
    assert.equal(commands.length, 2)
    for (const command of commands) {
      assert.deepEqual(changing(command), [])
      assert.deepEqual(command.owned, [{object: 'SealToken', use: 'writes'}])
    }
  })

  it('keeps the listener from writing the Cluster but for its announcements, and the registry but for new nodes', () => {
    const writes = (object: string): string[] =>
      names(functions.filter((each) => each.by === 'listener' && changing(each).includes(object)))
    assert.deepEqual(writes('Cluster'), [
      'cluster::announce_listener',
      'cluster::drop_previous_keys',
      'cluster::set_endpoints',
    ])
    assert.deepEqual(writes('NodeRegistry'), ['node_registry::register_worker'])
  })
})
