import {createHash, X509Certificate, webcrypto} from 'node:crypto'
import {isIP} from 'node:net'

/** A self-signed certificate; clients trust it by its pin, not by a CA. */
export interface PinnedCertificate {
  certPem: string
  /** Secret. PKCS #8. */
  keyPem: string
  /** SHA-256 (32 bytes) of the SubjectPublicKeyInfo DER: `listener_tls_pin` of the Cluster object. */
  pin: Uint8Array
}

const YEARS = 10
const ALGORITHM = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const

/**
 * Makes a self-signed server certificate (ECDSA P-256, ten years: its end is a new pin on chain, not a date).
 * @param names host names and IP addresses it is for
 * @param now Unix time, ms
 */
export async function createPinnedCertificate(
  names: readonly string[],
  now: number = Date.now(),
): Promise<PinnedCertificate> {
  // Hundreds of modules, for what most commands never do.
  await import('reflect-metadata')
  const {
    BasicConstraintsExtension,
    ExtendedKeyUsage,
    ExtendedKeyUsageExtension,
    KeyUsageFlags,
    KeyUsagesExtension,
    PemConverter,
    SubjectAlternativeNameExtension,
    X509CertificateGenerator,
  } = await import('@peculiar/x509')
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair
  const notAfter = new Date(now)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS)
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=daas listener',
      keys,
      signingAlgorithm: ALGORITHM,
      // An hour of room for clocks that are behind.
      notBefore: new Date(now - 3_600_000),
      notAfter,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(
          names.map((name) => ({type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name})),
        ),
      ],
    },
    webcrypto as Crypto,
  )
  const certPem = certificate.toString('pem')
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey as webcrypto.CryptoKey)
  return {certPem, keyPem: PemConverter.encode(key, 'PRIVATE KEY'), pin: pinOf(certPem)}
}

/**
 * The pin of a certificate: SHA-256 (32 bytes) of its SubjectPublicKeyInfo DER.
 * @param certificate PEM, DER, or a parsed certificate
 */
export function pinOf(certificate: string | Uint8Array | X509Certificate): Uint8Array {
  const parsed = certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate)
  return createHash('sha256')
    .update(parsed.publicKey.export({type: 'spki', format: 'der'}))
    .digest()
}
