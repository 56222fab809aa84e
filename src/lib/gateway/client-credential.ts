import {createHash, timingSafeEqual, X509Certificate} from 'node:crypto'
import type {IncomingMessage} from 'node:http'
import type {TLSSocket} from 'node:tls'

/** What a client of a gateway shows. Both are secret. */
export interface ClientCredentials {
  readonly token: string
  /** PEM of the client certificate that counts as the token does; none where absent. */
  readonly certPem?: string
}

/**
 * Makes the judge of requests: a bearer token or a client certificate has to be that of the credentials. Of one who shows
 * both, both have to be.
 */
export function judgeOf({token, certPem}: ClientCredentials): (req: IncomingMessage) => boolean {
  const bearer = digest(`Bearer ${token}`)
  const certificate = certPem === undefined ? undefined : digest(new X509Certificate(certPem).raw)
  return (req) => {
    const {authorization} = req.headers
    // What stands in the handshake has been proved with its key, whoever issued it.
    const shown = (req.socket as Partial<TLSSocket>).getPeerX509Certificate?.()?.raw
    if (authorization === undefined && shown === undefined) return false
    const byToken = authorization === undefined || timingSafeEqual(bearer, digest(authorization))
    const byCertificate =
      shown === undefined || (certificate !== undefined && timingSafeEqual(certificate, digest(shown)))
    return byToken && byCertificate
  }
}

function digest(value: string | Uint8Array): Buffer {
  return createHash('sha256').update(value).digest()
}
