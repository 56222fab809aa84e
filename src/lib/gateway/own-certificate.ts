import {open} from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import {createPinnedCertificate} from '../seal/tls-pin.ts'

/** A certificate and its key, both PEM; the key is secret. */
interface OwnCertificate {
  certPem: string
  keyPem: string
}

/** Making one loads half as many modules as all the rest of a gateway: it is kept this long, ms. */
const KEPT_MS = 7 * 86_400_000

/**
 * The certificate of the door that a gateway opens for itself: from a file (0600), made where there is none that
 * is this user's alone and young. Nobody trusts it but the kubeconfigs of this user's own runs.
 * @param nowMs Unix time
 */
export async function ownCertificate(
  file: string,
  names: readonly string[],
  nowMs: number,
): Promise<OwnCertificate> {
  const kept = await read(file)
  const isGood =
    kept !== undefined &&
    kept.madeAtMs <= nowMs &&
    nowMs - kept.madeAtMs < KEPT_MS &&
    kept.names.join() === names.join()
  if (isGood) return kept
  const {certPem, keyPem} = await createPinnedCertificate(names, nowMs)
  await writeFileAtomic(file, JSON.stringify({certPem, keyPem, names, madeAtMs: nowMs}), {mode: 0o600})
  return {certPem, keyPem}
}

async function read(
  file: string,
): Promise<(OwnCertificate & {names: string[]; madeAtMs: number}) | undefined> {
  try {
    const handle = await open(file)
    try {
      const {uid, mode} = await handle.stat()
      const me = process.getuid?.()
      if (me !== undefined && (uid !== me || (mode & 0o077) !== 0)) return undefined
      const parsed = JSON.parse(await handle.readFile('utf8')) as Record<string, unknown> | null
      const {certPem, keyPem, names, madeAtMs} = parsed ?? {}
      if (typeof certPem !== 'string' || typeof keyPem !== 'string') return undefined
      if (!Array.isArray(names) || typeof madeAtMs !== 'number') return undefined
      return {certPem, keyPem, names: names.map(String), madeAtMs}
    } finally {
      await handle.close()
    }
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    // What is not as it should be is as good as not there: it is made anew.
    if (code === 'ENOENT' || code === 'EACCES' || error instanceof SyntaxError) return undefined
    throw error
  }
}
