import {Ed25519Keypair} from '@mysten/sui/keypairs/ed25519'
import {Secp256k1Keypair} from '@mysten/sui/keypairs/secp256k1'
import {decodeSuiPrivateKey} from '@mysten/sui/cryptography'
import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {DaasError} from '../../../src/lib/errors/daas-error.ts'
import {loadSigner} from '../../../src/lib/sui/signers.ts'

describe('loadSigner', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daas-signers-'))
  })
  afterEach(() => rm(dir, {recursive: true}))

  const isError = (name: string) => (error: unknown) => error instanceof DaasError && error.errorName === name

  it('reads a bech32 key of either scheme from a private file', async () => {
    for (const key of [Ed25519Keypair.generate(), Secp256k1Keypair.generate()]) {
      const keyFile = join(dir, `key-${key.getKeyScheme()}`)
      await writeFile(keyFile, `${key.getSecretKey()}\n`, {mode: 0o600})
      assert.equal((await loadSigner({keyFile, env: {}})).toSuiAddress(), key.toSuiAddress())
    }
  })

  it('refuses a file that others can read, that is not there, and that is no key, without quoting it', async () => {
    const key = Ed25519Keypair.generate()
    const open = join(dir, 'open')
    await writeFile(open, key.getSecretKey(), {mode: 0o644})
    await assert.rejects(loadSigner({keyFile: open, env: {}}), isError('KEY_FILE_EXPOSED'))
    await assert.rejects(loadSigner({keyFile: join(dir, 'none'), env: {}}), isError('KEY_MISSING'))
    const broken = join(dir, 'broken')
    const text = key.getSecretKey().slice(0, -3)
    await writeFile(broken, text, {mode: 0o600})
    await assert.rejects(loadSigner({keyFile: broken, env: {}}), (error: Error) => {
      assert.ok(isError('KEY_INVALID')(error))
      assert.ok(!`${error.message}${JSON.stringify(error)}`.includes(text))
      return true
    })
  })

  it('takes the active address of the Sui keystore, or the one asked for', async () => {
    const keys = [Ed25519Keypair.generate(), Ed25519Keypair.generate()] as const
    const sui = join(dir, 'sui_config')
    await mkdir(sui)
    const entries = keys.map((key) =>
      Buffer.concat([Buffer.from([0]), decodeSuiPrivateKey(key.getSecretKey()).secretKey]).toString('base64'),
    )
    await writeFile(join(sui, 'sui.keystore'), JSON.stringify(entries), {mode: 0o600})
    await writeFile(join(sui, 'client.yaml'), `active_address: "${keys[1].toSuiAddress()}"\n`)
    const env = {SUI_CONFIG_DIR: sui}
    assert.equal((await loadSigner({env})).toSuiAddress(), keys[1].toSuiAddress())
    const first = await loadSigner({env, address: keys[0].toSuiAddress()})
    assert.equal(first.toSuiAddress(), keys[0].toSuiAddress())
    await assert.rejects(loadSigner({env, address: `0x${'1'.repeat(64)}`}), isError('KEY_MISSING'))
  })
})
