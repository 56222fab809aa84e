import type {GatewayRun} from './runtime.ts'

/** What a credential plugin prints (client.authentication.k8s.io/v1). Secret: it holds the token, or the key. */
export interface ExecCredential {
  readonly apiVersion: string
  readonly kind: 'ExecCredential'
  readonly status: {
    readonly expirationTimestamp: string
    readonly token?: string
    readonly clientCertificateData?: string
    readonly clientKeyData?: string
  }
}

/** What a credential is made of. */
type Issued = Pick<GatewayRun, 'token' | 'clientCertPem' | 'clientKeyPem' | 'sealExpiresAtMs'>

/** A client asks again after this long, ms, and so learns of a restarted gateway's new token. */
const LIFETIME_MS = 300_000
const VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']

/**
 * The credential of a running gateway; it expires with the seal, or in five minutes.
 * @param kind what it is to be: a bearer token, or a client certificate with its key
 * @param execInfo the text of KUBERNETES_EXEC_INFO: names the version that the client speaks
 * @param now Unix time, ms
 */
export function execCredential(
  {token, clientCertPem, clientKeyPem, sealExpiresAtMs}: Issued,
  kind: 'token' | 'certificate',
  execInfo: string | undefined,
  now: number,
): ExecCredential {
  const expiresAtMs = Math.min(sealExpiresAtMs, now + LIFETIME_MS)
  const expirationTimestamp = new Date(expiresAtMs).toISOString().replace(/\.\d+Z$/, 'Z')
  const secret =
    kind === 'token' ? {token} : {clientCertificateData: clientCertPem, clientKeyData: clientKeyPem}
  return {
    apiVersion: versionOf(execInfo),
    kind: 'ExecCredential',
    status: {...secret, expirationTimestamp},
  }
}

/** A client takes an answer in its own version only. */
function versionOf(execInfo: string | undefined): string {
  const [v1 = ''] = VERSIONS
  if (execInfo === undefined) return v1
  try {
    const {apiVersion} = JSON.parse(execInfo) as {apiVersion?: string}
    return VERSIONS.find((version) => version === apiVersion) ?? v1
  } catch (error) {
    if (error instanceof SyntaxError) return v1
    throw error
  }
}
