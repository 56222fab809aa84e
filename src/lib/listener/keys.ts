import {mkdir, readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {z} from 'zod'
import {daasError} from '../errors/daas-error.ts'
import {createHpkeKeyPair} from '../seal/hpke.ts'
import type {HpkeKeyPair} from '../seal/hpke.ts'
import {createPinnedCertificate, pinOf} from '../seal/tls-pin.ts'
import type {PinnedCertificate} from '../seal/tls-pin.ts'

/** One generation of keys. */
export interface KeyPairs {
  /** Requests are sealed to it. */
  hpke: HpkeKeyPair
  /** Clients know its HTTPS endpoint by it. */
  tls: PinnedCertificate
}

/** The keys of a listener; it announces the public halves of the present ones on chain. */
export interface ListenerKeys extends KeyPairs {
  /** Those before, where they may still be good: the chain says until when. */
  previous?: KeyPairs
}

const pairsSchema = z.strictObject({
  hpke: z.strictObject({publicKey: z.base64(), privateKey: z.base64()}),
  tls: z.strictObject({certPem: z.string(), keyPem: z.string()}),
})
const fileSchema = pairsSchema.extend({version: z.literal(1), previous: pairsSchema.optional()})

/**
 * Loads the keys of a listener from `keys.json` (0600) in its state directory; makes them the first time.
 * @param names host names and addresses the certificate is for
 * @param rotate make new ones; the present ones become the previous ones. Nothing happens where there are previous
 * ones still, so that whoever asks for it at every start does not lose the keys that others know.
 * @throws LISTENER_KEYS_EXPOSED where others can read them, LISTENER_KEYS_INVALID
 */
export async function loadListenerKeys(
  stateDir: string,
  names: readonly string[],
  rotate = false,
): Promise<ListenerKeys> {
  await mkdir(stateDir, {recursive: true, mode: 0o700})
  const file = fileOf(stateDir)
  const mode = await modeOf(file)
  if (mode === undefined) return save(stateDir, await createPairs(names))
  if ((mode & 0o077) !== 0) throw daasError('LISTENER_KEYS_EXPOSED', {file})
  const parsed = fileSchema.safeParse(parseJson(await readFile(file, 'utf8')))
  // Without the parser's own words: they may quote what stands in the file.
  if (!parsed.success) throw daasError('LISTENER_KEYS_INVALID', {file})
  const present = decodePairs(parsed.data)
  if (parsed.data.previous) return {...present, previous: decodePairs(parsed.data.previous)}
  return rotate ? save(stateDir, {...(await createPairs(names)), previous: present}) : present
}

/** Forgets the previous keys, on disk too: nothing that was sealed to them can be read any more. */
export async function dropPreviousKeys(stateDir: string, {hpke, tls}: ListenerKeys): Promise<ListenerKeys> {
  return save(stateDir, {hpke, tls})
}

async function save(stateDir: string, keys: ListenerKeys): Promise<ListenerKeys> {
  const content = {
    version: 1,
    ...encodePairs(keys),
    ...(keys.previous === undefined ? {} : {previous: encodePairs(keys.previous)}),
  }
  const options = {mode: 0o600, encoding: 'utf8'} as const
  await writeFileAtomic(fileOf(stateDir), `${JSON.stringify(content)}\n`, options)
  return keys
}

async function createPairs(names: readonly string[]): Promise<KeyPairs> {
  return {hpke: await createHpkeKeyPair(), tls: await createPinnedCertificate(names)}
}

function encodePairs({hpke, tls}: KeyPairs): z.infer<typeof pairsSchema> {
  return {
    hpke: {publicKey: encode(hpke.publicKey), privateKey: encode(hpke.privateKey)},
    tls: {certPem: tls.certPem, keyPem: tls.keyPem},
  }
}

function decodePairs({hpke, tls}: z.infer<typeof pairsSchema>): KeyPairs {
  return {
    hpke: {publicKey: decode(hpke.publicKey), privateKey: decode(hpke.privateKey)},
    tls: {certPem: tls.certPem, keyPem: tls.keyPem, pin: pinOf(tls.certPem)},
  }
}

function fileOf(stateDir: string): string {
  return join(stateDir, 'keys.json')
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
