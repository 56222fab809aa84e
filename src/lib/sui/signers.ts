import type {Signer} from '@mysten/sui/cryptography'
import {readFile, stat} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {daasError} from '../errors/daas-error.ts'

/** Where a key may come from. */
export interface SignerSource {
  /** A 0600 file with one `suiprivkey1…` line, or one base64 line of flag and 32 bytes. */
  readonly keyFile?: string
  /** The address to sign for, where the Sui keystore holds several. */
  readonly address?: string
  /** `SUI_CONFIG_DIR`, `CREDENTIALS_DIRECTORY`, `HOME`. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Finds the key to sign with: the key file; else systemd's credential `daas-key`; else the Sui CLI's keystore with its
 * active address. The files are read, never written.
 * @throws KEY_MISSING, KEY_INVALID, KEY_FILE_EXPOSED
 */
export async function loadSigner(source: SignerSource): Promise<Signer> {
  if (source.keyFile !== undefined) return signerOfFile(source.keyFile)
  const credentials = source.env.CREDENTIALS_DIRECTORY
  if (credentials !== undefined) {
    const file = join(credentials, 'daas-key')
    if (await exists(file)) return signerOfFile(file)
  }

  return signerOfKeystore(source)
}

async function signerOfFile(file: string): Promise<Signer> {
  const text = (await readPrivate(file)).trim()
  try {
    return text.startsWith('suiprivkey') ? await signerOfBech32(text) : await signerOfKeystoreEntry(text)
  } catch (error) {
    // The library's own message may quote the key: only its kind goes on.
    throw daasError(
      'KEY_INVALID',
      {file, reason: 'it is no Sui private key'},
      {details: {kind: kindOf(error)}},
    )
  }
}

async function signerOfKeystore({env, address}: SignerSource): Promise<Signer> {
  const dir = env.SUI_CONFIG_DIR ?? join(env.HOME ?? homedir(), '.sui', 'sui_config')
  const file = join(dir, 'sui.keystore')
  if (!(await exists(file))) throw daasError('KEY_MISSING', {reason: `there is no ${file}`})
  const wanted = address ?? (await activeAddress(join(dir, 'client.yaml')))
  let entries: unknown
  try {
    entries = JSON.parse(await readPrivate(file))
  } catch (error) {
    if (error instanceof SyntaxError) throw daasError('KEY_INVALID', {file, reason: 'it is no JSON'})
    throw error
  }

  if (!Array.isArray(entries)) throw daasError('KEY_INVALID', {file, reason: 'it is no list of keys'})
  const signers = await Promise.all(
    entries.map((entry) =>
      signerOfKeystoreEntry(String(entry)).catch((error: unknown) => {
        throw daasError('KEY_INVALID', {file, reason: 'an entry is no key'}, {details: {kind: kindOf(error)}})
      }),
    ),
  )
  const signer = wanted === undefined ? signers[0] : signers.find((each) => each.toSuiAddress() === wanted)
  if (!signer) throw daasError('KEY_MISSING', {reason: `${file} has no key for ${wanted ?? 'any address'}`})
  return signer
}

async function activeAddress(file: string): Promise<string | undefined> {
  if (!(await exists(file))) return undefined
  const {parse} = await import('yaml')
  const config = parse(await readFile(file, 'utf8')) as {active_address?: string} | null
  return config?.active_address
}

async function signerOfBech32(text: string): Promise<Signer> {
  const {decodeSuiPrivateKey} = await import('@mysten/sui/cryptography')
  const {scheme, secretKey} = decodeSuiPrivateKey(text)
  return signerOfScheme(scheme, secretKey)
}

// `flag ‖ 32 bytes` in base64, as sui.keystore holds it.
async function signerOfKeystoreEntry(entry: string): Promise<Signer> {
  const bytes = Buffer.from(entry, 'base64')
  if (bytes.length !== 33) throw new Error('wrong length')
  const {SIGNATURE_FLAG_TO_SCHEME} = await import('@mysten/sui/cryptography')
  const scheme = SIGNATURE_FLAG_TO_SCHEME[bytes[0] as keyof typeof SIGNATURE_FLAG_TO_SCHEME]
  return signerOfScheme(scheme, new Uint8Array(bytes.subarray(1)))
}

async function signerOfScheme(scheme: string, secretKey: Uint8Array): Promise<Signer> {
  switch (scheme) {
    case 'ED25519':
      return (await import('@mysten/sui/keypairs/ed25519')).Ed25519Keypair.fromSecretKey(secretKey)
    case 'Secp256k1':
      return (await import('@mysten/sui/keypairs/secp256k1')).Secp256k1Keypair.fromSecretKey(secretKey)
    case 'Secp256r1':
      return (await import('@mysten/sui/keypairs/secp256r1')).Secp256r1Keypair.fromSecretKey(secretKey)
    default:
      throw new Error(`scheme ${scheme}`)
  }
}

async function readPrivate(file: string): Promise<string> {
  let mode: number
  try {
    mode = (await stat(file)).mode
  } catch (error) {
    throw daasError('KEY_MISSING', {reason: `${file} is not readable`}, {cause: error})
  }

  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw daasError('KEY_FILE_EXPOSED', {file})
  return readFile(file, 'utf8')
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
