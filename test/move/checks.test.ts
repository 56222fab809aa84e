import assert from 'node:assert/strict'
import {readSharedObjects} from '../../scripts/move/shared-objects.ts'
import {readDaasPackage} from '../../src/lib/contracts/package.ts'
import {readCalls} from './support/call-graph.ts'

const modules = readDaasPackage().modules.map((text) => new Uint8Array(Buffer.from(text, 'base64')))
const calls = readCalls(modules)
const changing = readSharedObjects(modules).functions.filter(
  ({name, changes}) => changes && !/::(assert|get)_/.test(name),
)

/** Those of the functions that change something that do not lead to a function. */
function without(called: string, functions = changing): string[] {
  return functions.map(({name}) => name).filter((name) => calls.get(name)?.has(called) !== true)
}

describe('what functions that change something check, by the bytecode', () => {
  it('is the version of the package, but where they only end what is over or the caller’s own', () => {
    assert.deepEqual(without('cluster::assert_version').sort(), [
      // Makes a cluster, which is of this version; and changes its version.
      'cluster::create',
      'cluster::migrate',
      'grants::discard_ticket',
      'grants::prune',
      'k8s_gateway::prune',
      'seal_token::revoke',
      // Takes a new stake, whose making did.
      'staking::share_stake',
    ])
  })

  it('is the capability that they are given', () => {
    const by = (who: string) => changing.filter((each) => each.by === who)
    assert.ok(by('administrator').length > 15 && by('listener').length > 10)
    assert.deepEqual(without('cluster::assert_admin', by('administrator')), ['cluster::migrate'])
    assert.deepEqual(without('cluster::assert_listener', by('listener')), [])
  })

  it('is told by an event, all of it', () => {
    // What a stake is was told when it was made.
    assert.deepEqual(without('event::emit'), ['staking::share_stake'])
  })

  it('never is the pause where someone wants out or is to be stopped', () => {
    const paused = changing.map(({name}) => name).filter((name) => calls.get(name)?.has('cluster::assert_open'))
    assert.deepEqual(paused.sort(), [
      'granted_seal::create_granted_seal_token',
      'granted_seal::rotate',
      'k8s_gateway::execute_granted_command_with_id',
      'k8s_gateway::execute_kubectl_command_with_id',
      'node_registry::register_worker',
      'operator_seal::create_operator_seal_token',
      'operator_seal::rotate',
      'seal_token::create_user_seal_token',
      'seal_token::create_worker_seal_token',
      'seal_token::rotate',
      'staking::add_stake',
      'staking::stake_for_admin',
      'staking::stake_for_node',
      'staking::stake_for_user',
    ])
  })
})
