import {readFile, stat} from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import {daasError} from '../errors/daas-error.ts'
import {parseSealToken} from './token.ts'

/** The mode of every file with a secret in it: its owner reads and writes, nobody else anything. */
const PRIVATE_MODE = 0o600

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

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode
  } catch (cause) {
    throw daasError('SEAL_TOKEN_FILE_MISSING', {file}, {cause})
  }
}
