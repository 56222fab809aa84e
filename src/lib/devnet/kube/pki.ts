import 'reflect-metadata'
import {randomBytes} from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A throw-away certificate authority of a devnet cluster. */
export interface Ca {
  /** The certificate as PEM text with a trailing newline: what k3s serves at /cacerts and hashes. */
  readonly certPem: string
  /** The private key, PKCS #8 PEM. Secret. */
  readonly keyPem: string
  readonly cert: x509.X509Certificate
  readonly keys: CryptoKeyPair
}

/** What a certificate may be used for. */
export type CertUsage = 'server' | 'client' | 'both'

/** Whom a certificate names, and for what. */
export interface CertRequest {
  /** Common name; Kubernetes reads it as the user name. */
  readonly cn: string
  /** Organisations; Kubernetes reads them as groups. */
  readonly o?: readonly string[]
  readonly dns?: readonly string[]
  readonly ips?: readonly string[]
  readonly usage: CertUsage
  /** Lifetime in days, 365 by default, as k3s issues them. */
  readonly days?: number
}

/** A certificate and its private key, both PEM. */
export interface IssuedCert {
  readonly certPem: string
  /** PKCS #8. Secret. */
  readonly keyPem: string
}

const EC = {name: 'ECDSA', namedCurve: 'P-256'} as const
const SIGNING = {name: 'ECDSA', hash: 'SHA-256'} as const
const DAY_MS = 86_400_000
/** Clocks differ: certificates are valid from five minutes ago. */
const SKEW_MS = 300_000

/**
 * Makes a self-signed authority (EC P-256, ten years).
 * @param name its common name, for example `daas-devnet-ca`
 */
export async function createCa(name: string): Promise<Ca> {
  const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify'])
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: [{CN: [name]}],
    notBefore: new Date(Date.now() - SKEW_MS),
    notAfter: new Date(Date.now() + 3650 * DAY_MS),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return {certPem: certPem(cert), keyPem: await privateKeyPem(keys.privateKey), cert, keys}
}

/**
 * Issues a certificate with a fresh EC P-256 key.
 * @returns certificate and key, PEM, each with a trailing newline
 */
export async function issueCert(ca: Ca, request: CertRequest): Promise<IssuedCert> {
  const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify'])
  return {
    certPem: await signPublicKey(ca, keys.publicKey, request),
    keyPem: await privateKeyPem(keys.privateKey),
  }
}

/**
 * Issues a certificate for a key that stays with its owner.
 * @param publicKey the key to certify, for example that of a certificate signing request
 * @returns the certificate, PEM
 */
export async function signPublicKey(
  ca: Ca,
  publicKey: x509.PublicKeyType,
  request: CertRequest,
): Promise<string> {
  const names: x509.JsonGeneralName[] = [
    ...(request.dns ?? []).map((value) => ({type: 'dns' as const, value})),
    ...(request.ips ?? []).map((value) => ({type: 'ip' as const, value})),
  ]
  const usages: string[] = []
  if (request.usage !== 'client') usages.push(x509.ExtendedKeyUsage.serverAuth)
  if (request.usage !== 'server') usages.push(x509.ExtendedKeyUsage.clientAuth)
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: subject(request),
    issuer: ca.cert.subjectName,
    notBefore: new Date(Date.now() - SKEW_MS),
    notAfter: new Date(Date.now() + (request.days ?? 365) * DAY_MS),
    signingAlgorithm: SIGNING,
    publicKey,
    signingKey: ca.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      new x509.ExtendedKeyUsageExtension(usages),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(ca.cert),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  })
  return certPem(cert)
}

/** A fresh EC P-256 key and a certificate signing request for it. */
export interface CertificateRequest {
  readonly csrPem: string
  /** PKCS #8. Secret. */
  readonly keyPem: string
}

/**
 * Makes a key and a PKCS #10 request for it, as a kubelet does.
 * @param request whom the certificate shall name
 */
export async function createCsr(request: Pick<CertRequest, 'cn' | 'o'>): Promise<CertificateRequest> {
  const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify'])
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subject(request),
    keys,
    signingAlgorithm: SIGNING,
  })
  return {csrPem: `${csr.toString('pem').trim()}\n`, keyPem: await privateKeyPem(keys.privateKey)}
}

/** What a certificate signing request asks for. */
export interface ParsedCsr {
  readonly cn: string
  readonly o: readonly string[]
  readonly publicKey: x509.PublicKey
  /** Whether the request is signed by the key it holds. */
  readonly valid: boolean
}

/**
 * Reads a PKCS #10 request and checks its signature.
 * @param pem the request as PEM text
 * @throws Error where the text is no request
 */
export async function parseCsr(pem: string): Promise<ParsedCsr> {
  const csr = new x509.Pkcs10CertificateRequest(pem)
  return {
    cn: csr.subjectName.getField('CN')[0] ?? '',
    o: csr.subjectName.getField('O'),
    publicKey: csr.publicKey,
    valid: await csr.verify(),
  }
}

/** A key pair as PEM: PKCS #8 and SPKI. */
export interface PemKeyPair {
  /** Secret. */
  readonly privateKeyPem: string
  readonly publicKeyPem: string
}

/**
 * Makes an RSA 2048 key pair, such as a real API server signs service-account tokens with
 * (`--service-account-signing-key-file`, `--service-account-key-file`).
 */
export async function createRsaKeyPair(): Promise<PemKeyPair> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const spki = await crypto.subtle.exportKey('spki', keys.publicKey)
  return {
    privateKeyPem: await privateKeyPem(keys.privateKey),
    publicKeyPem: `${x509.PemConverter.encode(spki, 'PUBLIC KEY').trim()}\n`,
  }
}

function subject(request: Pick<CertRequest, 'cn' | 'o'>): x509.JsonName {
  return [...(request.o ?? []).map((o) => ({O: [o]})), {CN: [request.cn]}]
}

/** A positive serial number of 128 random bits. */
function serial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes.toString('hex')
}

function certPem(cert: x509.X509Certificate): string {
  return `${cert.toString('pem').trim()}\n`
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key)
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY').trim()}\n`
}
