import {randomBytes} from 'node:crypto'
import {readFile, stat} from 'node:fs/promises'
import {sha256} from '@noble/hashes/sha2.js'
import {bytesToHex} from '@noble/hashes/utils.js'
import writeFileAtomic from 'write-file-atomic'
import {daasError} from '../errors/daas-error.ts'

/**
 * The shape of a Kubernetes bootstrap token (k8s.io/cluster-bootstrap, token/api/types.go): a seal token must
 * have exactly this shape, because k3s parses anything else as `user:password`.
 */
export const SEAL_TOKEN_PATTERN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** The largest multiple of 36 that fits in a byte: bytes from here on are thrown away, so no letter is likelier. */
const REJECT_FROM = 252

/** The mode of every file with a secret in it: its owner reads and writes, nobody else anything. */
const PRIVATE_MODE = 0o600

/** The two halves of a seal token: the id is public, the secret is not. */
export interface SealTokenParts {
  /** Names the bootstrap token Secret of the cluster; may stand in logs. */
  id: string
  secret: string
}

/**
 * Draws a fresh seal token `[a-z0-9]{6}.[a-z0-9]{16}` by rejection sampling.
 * @param random gives that many random bytes; a CSPRNG outside of tests
 */
export function createSealToken(random: (size: number) => Uint8Array = randomBytes): string {
  const text = draw(22, random)
  return `${text.slice(0, 6)}.${text.slice(6)}`
}

/** SHA-256 (32 bytes) of the token's text: the only thing of it that goes on chain. */
export function hashSealToken(token: string): Uint8Array {
  return sha256(new TextEncoder().encode(token))
}

/** {@link hashSealToken} as 64 lower-case hex digits, as a registration carries it. */
export function hashSealTokenHex(token: string): string {
  return bytesToHex(hashSealToken(token))
}

/**
 * Takes a seal token apart.
 * @param where names its origin in the error (a file, a header); the token itself never stands there
 * @throws SEAL_TOKEN_INVALID
 */
export function parseSealToken(text: string, where = 'the input'): SealTokenParts {
  const match = SEAL_TOKEN_PATTERN.exec(text)
  if (match?.[1] === undefined || match[2] === undefined) throw daasError('SEAL_TOKEN_INVALID', {where})
  return {id: match[1], secret: match[2]}
}

/**
 * Reads a seal token from a file that nobody else can read.
 * @param file its path
 * @returns the token's text, white space around it removed
 * @throws SEAL_TOKEN_FILE_MISSING, SEAL_TOKEN_FILE_EXPOSED, SEAL_TOKEN_INVALID
 */
export async function readSealTokenFile(file: string): Promise<string> {
  const mode = await modeOf(file)
  if ((mode & 0o077) !== 0) throw daasError('SEAL_TOKEN_FILE_EXPOSED', {file})
  const token = (await readFile(file, 'utf8')).trim()
  parseSealToken(token, file)
  return token
}

/**
 * Writes a seal token to a file of mode 0600, whole or not at all.
 * @throws SEAL_TOKEN_INVALID
 */
export async function writeSealTokenFile(file: string, token: string): Promise<void> {
  parseSealToken(token, 'the token to write')
  await writeFileAtomic(file, `${token}\n`, {mode: PRIVATE_MODE, encoding: 'utf8'})
}

function draw(count: number, random: (size: number) => Uint8Array): string {
  let text = ''
  while (text.length < count) {
    for (const byte of random(count - text.length)) {
      if (byte < REJECT_FROM) text += ALPHABET[byte % ALPHABET.length]
    }
  }
  return text
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode
  } catch (cause) {
    throw daasError('SEAL_TOKEN_FILE_MISSING', {file}, {cause})
  }
}
