import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {publishPackage} from '../../../src/lib/devnet/publish/publish-package.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'

const SOURCE = `module counter::counter;
use std::string::String;
use sui::{display, hmac, linked_table::{Self, LinkedTable}, package, priority_queue};
public struct COUNTER has drop {}
public struct Counter has key, store { id: UID, value: u64, log: LinkedTable<u64, vector<u8>> }
fun init(otw: COUNTER, ctx: &mut TxContext) {
    let publisher = package::claim(otw, ctx);
    let name: String = b"name".to_string();
    let mut shown = display::new_with_fields<Counter>(&publisher, vector[name], vector[b"{value}".to_string()], ctx);
    shown.update_version();
    transfer::public_transfer(shown, ctx.sender());
    transfer::public_transfer(publisher, ctx.sender());
    let mut log = linked_table::new(ctx);
    log.push_back(0, hmac::hmac_sha3_256(&b"key", &b"message"));
    let mut queue = priority_queue::new(vector[]);
    queue.insert(3, 7);
    let (_, value) = queue.pop_max();
    transfer::share_object(Counter { id: object::new(ctx), value, log })
}
public fun increment(counter: &mut Counter) { counter.value = counter.value + 1 }
`
const MANIFEST = `[package]
name = "counter"
edition = "2024"
[addresses]
counter = "0x0"
`

const FRAMEWORK = 'https://github.com/MystenLabs/sui.git'

/** A package in a folder of its own. */
async function write(dir: string, name: string, manifest: string, source: string): Promise<string> {
  const folder = join(dir, name)
  await mkdir(join(folder, 'sources'), {recursive: true})
  await writeFile(join(folder, 'Move.toml'), `[package]\nname = "${name}"\nedition = "2024"\n${manifest}`)
  await writeFile(join(folder, 'sources', `${name}.move`), source)
  return folder
}

describe('publishing a package of a user', () => {
  it('takes local packages along, links with those that are published, and brings the framework', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'daas-publish-'))
    const devnet = await startDevnet({checkpointIntervalMs: 0})
    try {
      const execute = {
        client: createSuiClient({url: devnet.url}),
        signer: Ed25519Keypair.fromSecretKey(devnet.accounts[0]!.secretKey),
      }
      const base = await write(dir, 'base', '', 'module base::base; public fun one(): u64 { 1 }')
      const published = await publishPackage(execute, base)
      await write(
        dir,
        'base',
        `published-at = "${published.package}"\n[addresses]\nbase = "${published.package}"\n`,
        'module base::base; public fun one(): u64 { 1 }',
      )
      const sui = `{ git = "${FRAMEWORK}", subdir = "crates/sui-framework/packages/sui-framework", rev = "framework/testnet" }`
      await write(
        dir,
        'middle',
        `[dependencies]\nSui = ${sui} # the framework\n[dependencies.base]\nlocal = "../base"\n[addresses]\nmiddle = "0x0"\nsui = "0x2"\n`,
        'module middle::middle; public fun two(): u64 { base::base::one() + 1 }',
      )
      const app = await write(
        dir,
        'app',
        `[dependencies]\nSui = ${sui}\nmiddle = { local = "../middle" }\n[addresses]\napp = "0x0"\nstd = "0x1"\n`,
        'module app::app; public fun three(_: &mut TxContext): u64 { middle::middle::two() + 1 }',
      )
      const result = await publishPackage(execute, app)
      const code = devnet.node.getObject(result.package)!.package!
      assert.deepEqual([...code.modules.keys()], ['app', 'middle'])
      assert.equal(code.linkage.get(published.package), published.package)
      const away = await write(
        dir,
        'away',
        '[dependencies]\nother = { git = "https://example.com/other.git", rev = "main" }\n',
        'module away::away;',
      )
      await assert.rejects(publishPackage(execute, away), (error: Error & {errorName?: string}) => {
        assert.equal(error.errorName, 'MOVE_BUILD_FAILED')
        assert.match(error.message, /daas fetches no packages: get https:\/\/example.com\/other.git/)
        return true
      })
    } finally {
      await devnet.close()
      await rm(dir, {recursive: true})
    }
  })

  it('compiles, publishes and names what was made; says what does not compile', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'daas-publish-'))
    const devnet = await startDevnet({checkpointIntervalMs: 0})
    try {
      const execute = {
        client: createSuiClient({url: devnet.url}),
        signer: Ed25519Keypair.fromSecretKey(devnet.accounts[0]!.secretKey),
      }
      await assert.rejects(publishPackage(execute, dir), {errorName: 'MOVE_BUILD_FAILED'})
      await mkdir(join(dir, 'sources'))
      await writeFile(join(dir, 'Move.toml'), MANIFEST)
      await writeFile(join(dir, 'sources/counter.move'), SOURCE)
      const result = await publishPackage(execute, dir)
      assert.deepEqual(result.objects.map(({type}) => /^\w+::(\w+::\w+(<(\w+,)?)?)/.exec(type)?.[1]).sort(), [
        'counter::Counter',
        'display::Display<',
        'dynamic_field::Field<u64,',
        'package::Publisher',
        'package::UpgradeCap',
      ])
      assert.equal(devnet.node.getObject(result.package)?.package?.modules.size, 1)
      await writeFile(join(dir, 'sources/counter.move'), SOURCE.replace('+ 1', '+ true'))
      await assert.rejects(publishPackage(execute, dir), {errorName: 'MOVE_BUILD_FAILED'})
    } finally {
      await devnet.close()
      await rm(dir, {recursive: true})
    }
  })
})
