import 'reflect-metadata'
import {webcrypto} from 'node:crypto'
import {isIP} from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A certificate and its key, both PEM (PKCS #8). The key is secret. */
export interface KeyedCertificate {
  readonly certPem: string
  readonly keyPem: string
}

/** Whom a certificate names, and what for. */
export interface CertificateRequest {
  readonly commonName: string
  /** Host names and IP addresses of a server. */
  readonly names?: readonly string[]
  readonly usage: 'server' | 'client'
}

const ALGORITHM = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const
const AUTHORITY_YEARS = 10
/** A gateway makes its certificates anew when it starts. */
const ISSUED_YEARS = 1
/** An hour of room for clocks that are behind. */
const SKEW_MS = 3_600_000
const provider = webcrypto as Crypto

/**
 * Makes the authority of one user's gateways (ECDSA P-256, ten years): kubeconfig entries trust it, and nothing else does.
 * @param now Unix time, ms
 */
export async function createAuthority(now: number): Promise<KeyedCertificate> {
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=daas gateways',
      keys,
      signingAlgorithm: ALGORITHM,
      ...validity(now, AUTHORITY_YEARS),
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
    },
    provider,
  )
  return {certPem: certificate.toString('pem'), keyPem: await pemOf(keys)}
}

/**
 * Issues a certificate with a key of its own.
 * @param now Unix time, ms
 */
export async function issueCertificate(
  authority: KeyedCertificate,
  {commonName, names = [], usage}: CertificateRequest,
  now: number,
): Promise<KeyedCertificate> {
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.create(
    {
      issuer: new X509Certificate(authority.certPem).subject,
      subject: [{CN: [commonName]}],
      publicKey: keys.publicKey,
      signingKey: await provider.subtle.importKey(
        'pkcs8',
        PemConverter.decodeFirst(authority.keyPem),
        ALGORITHM,
        false,
        ['sign'],
      ),
      signingAlgorithm: ALGORITHM,
      ...validity(now, ISSUED_YEARS),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([
          usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
        ]),
        ...(names.length === 0
          ? []
          : [
              new SubjectAlternativeNameExtension(
                names.map((value) => ({type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value})),
              ),
            ]),
      ],
    },
    provider,
  )
  return {certPem: certificate.toString('pem'), keyPem: await pemOf(keys)}
}

function newKeys(): Promise<CryptoKeyPair> {
  return provider.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function pemOf({privateKey}: CryptoKeyPair): Promise<string> {
  return PemConverter.encode(await provider.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
}

function validity(now: number, years: number): {notBefore: Date; notAfter: Date} {
  const notAfter = new Date(now)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years)
  return {notBefore: new Date(now - SKEW_MS), notAfter}
}
