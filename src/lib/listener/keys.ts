import {mkdir, readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'
import {createHpkeKeyPair} from '../seal/hpke.ts'
import type {HpkeKeyPair} from '../seal/hpke.ts'
import {createPinnedCertificate, pinOf} from '../seal/tls-pin.ts'
import type {PinnedCertificate} from '../seal/tls-pin.ts'

/** The keys of a listener; it announces their public halves on chain. */
export interface ListenerKeys {
  /** Requests are sealed to it. */
  hpke: HpkeKeyPair
  /** Clients know its HTTPS endpoint by it. */
  tls: PinnedCertificate
}

const fileSchema = z.strictObject({
  version: z.literal(1),
  hpke: z.strictObject({publicKey: z.base64(), privateKey: z.base64()}),
  tls: z.strictObject({certPem: z.string(), keyPem: z.string()}),
})

/**
 * Loads the keys of a listener from `keys.json` (0600) in its state directory; makes them the first time.
 * @param names host names and addresses the certificate is for
 * @throws LISTENER_KEYS_EXPOSED where others can read them, LISTENER_KEYS_INVALID
 */
export async function loadListenerKeys(stateDir: string, names: readonly string[]): Promise<ListenerKeys> {
  await mkdir(stateDir, {recursive: true, mode: 0o700})
  const file = join(stateDir, 'keys.json')
  const mode = await modeOf(file)
  if (mode === undefined) return createKeys(file, names)
  if ((mode & 0o077) !== 0) throw daasError('LISTENER_KEYS_EXPOSED', {file})
  const parsed = fileSchema.safeParse(parseJson(await readFile(file, 'utf8')))
  // Without the parser's own words: they may quote what stands in the file.
  if (!parsed.success) throw daasError('LISTENER_KEYS_INVALID', {file})
  const {hpke, tls} = parsed.data
  return {
    hpke: {publicKey: decode(hpke.publicKey), privateKey: decode(hpke.privateKey)},
    tls: {...tls, pin: pinOf(tls.certPem)},
  }
}

async function createKeys(file: string, names: readonly string[]): Promise<ListenerKeys> {
  const hpke = await createHpkeKeyPair()
  const tls = await createPinnedCertificate(names)
  const content = {
    version: 1,
    hpke: {publicKey: encode(hpke.publicKey), privateKey: encode(hpke.privateKey)},
    tls: {certPem: tls.certPem, keyPem: tls.keyPem},
  }
  await writeFileAtomic(file, `${JSON.stringify(content)}\n`, {mode: 0o600, encoding: 'utf8'})
  return {hpke, tls}
}

async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode
  } catch (error) {
    if ((error as {code?: string}).code === 'ENOENT') return undefined
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the schema check that follows says so.
    return undefined
  }
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
