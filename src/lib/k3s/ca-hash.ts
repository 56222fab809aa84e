import {createHash, X509Certificate} from 'node:crypto'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * The CA hash of k3s, over what the server serves at `/cacerts`.
 *
 * One certificate: SHA-256 of the text as it is, trailing newline included (not of the DER). More than one: the first
 * is verified up to a root among the rest, and the hash is that of the root's DER; where that fails, the text again.
 * @param bundle the bytes of `/cacerts`, or of `certificate-authority-data` decoded
 * @returns 64 lower-case hex digits
 */
export function k3sCaHash(bundle: string | Uint8Array): string {
  const bytes = typeof bundle === 'string' ? Buffer.from(bundle) : bundle
  const certs = splitCertificates(Buffer.from(bytes).toString('utf8'))
  const root = certs.length > 1 ? findRoot(certs) : undefined
  return createHash('sha256')
    .update(root ? root.raw : bytes)
    .digest('hex')
}

/** The certificates of a PEM text, in their order. Broken ones are left out: the hash then is that of the text. */
export function splitCertificates(pem: string): X509Certificate[] {
  return [...pem.matchAll(CERTIFICATE)].flatMap(([block]) => {
    try {
      return [new X509Certificate(block)]
    } catch {
      return []
    }
  })
}

/** Walks from the first certificate through intermediates to a self-signed one among the others. */
function findRoot([first, ...others]: X509Certificate[]): X509Certificate | undefined {
  const now = Date.now()
  let current = first
  // A chain cannot be longer than the bundle; the bound also ends cross-signed circles.
  for (let depth = 0; current && depth < others.length; depth++) {
    if (!isValidAt(current, now)) return undefined
    const child = current
    const issuer = others.find(
      (candidate) => child.checkIssued(candidate) && child.verify(candidate.publicKey),
    )
    if (issuer && isRoot(issuer)) return isValidAt(issuer, now) ? issuer : undefined
    current = issuer
  }
  return undefined
}

function isRoot(cert: X509Certificate): boolean {
  return cert.checkIssued(cert) && cert.verify(cert.publicKey)
}

function isValidAt(cert: X509Certificate, now: number): boolean {
  return now >= cert.validFromDate.getTime() && now <= cert.validToDate.getTime()
}
