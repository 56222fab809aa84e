import {mkdir, readdir, rename, rm, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {
  createSealToken,
  hashSealToken,
  parseSealToken,
  readSealTokenFile,
  writeSealTokenFile,
} from '../seal/token.ts'

/**
 * The seal tokens of this machine: one 0600 file each in a 0700 directory, named by the seal object; `pending-…` from
 * before the transaction until its seal is known, so that no crash between the two loses a token.
 */
export interface TokenStore {
  /** Draws a token and keeps it before anything is sent. */
  prepare(): Promise<{token: string; hash: Uint8Array}>
  /** Gives a prepared token its seal. */
  settle(token: string, seal: string): Promise<string>
  /** Forgets a prepared token whose transaction was refused. */
  discard(token: string): Promise<void>
  /** Removes the token of a seal that is no more. */
  forget(seal: string): Promise<void>
  /** The token of a seal, found by its hash among the pending ones if need be; undefined when it is not here. */
  find(seal: string, hash: Uint8Array): Promise<{token: string; file: string} | undefined>
}

/** Opens the store in a directory, which is made when it is not there. */
export function openTokenStore(dir: string): TokenStore {
  const fileOf = (seal: string): string => join(dir, `${seal}.token`)
  const pendingOf = (token: string): string => join(dir, `pending-${parseSealToken(token).id}.token`)
  const settle = async (token: string, seal: string): Promise<string> => {
    await rename(pendingOf(token), fileOf(seal))
    return fileOf(seal)
  }

  return {
    async prepare() {
      await mkdir(dir, {recursive: true, mode: 0o700})
      const token = createSealToken()
      await writeSealTokenFile(pendingOf(token), token)
      return {token, hash: hashSealToken(token)}
    },
    settle,
    async discard(token) {
      await rm(pendingOf(token), {force: true})
    },
    async forget(seal) {
      await rm(fileOf(seal), {force: true})
    },
    async find(seal, hash) {
      const file = fileOf(seal)
      if (await exists(file)) {
        const token = await readSealTokenFile(file)
        // A renewed seal keeps its id: an old token of it is none.
        if (Buffer.from(hashSealToken(token)).equals(hash)) return {token, file}
      }

      for (const name of await namesIn(dir)) {
        if (!name.startsWith('pending-')) continue
        const token = await readSealTokenFile(join(dir, name))
        if (Buffer.from(hashSealToken(token)).equals(hash)) return {token, file: await settle(token, seal)}
      }

      return undefined
    },
  }
}

async function namesIn(dir: string): Promise<string[]> {
  return (await exists(dir)) ? readdir(dir) : []
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
