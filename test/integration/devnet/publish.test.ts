import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {startDevnet} from '../../../src/lib/devnet/devnet.ts'
import {publishPackage} from '../../../src/lib/devnet/publish/publish-package.ts'
import {createSuiClient} from '../../../src/lib/sui/client.ts'

const SOURCE = `module counter::counter;
public struct Counter has key { id: UID, value: u64 }
fun init(ctx: &mut TxContext) { transfer::share_object(Counter { id: object::new(ctx), value: 7 }) }
public fun increment(counter: &mut Counter) { counter.value = counter.value + 1 }
`
const MANIFEST = `[package]
name = "counter"
edition = "2024"
[addresses]
counter = "0x0"
`

describe('publishing a package of a user', () => {
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
      assert.deepEqual(result.objects.map(({type}) => type.split('::').slice(1).join('::')).sort(), [
        'counter::Counter',
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
