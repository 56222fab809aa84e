import {createHash, timingSafeEqual} from 'node:crypto'
import {type IncomingMessage} from 'node:http'
import {type TLSSocket} from 'node:tls'
import {resourceType} from './resources.ts'
import {type ObjectStore} from './store.ts'
import {digText, type KubeObject, type UserInfo} from './types.ts'

/** What authentication looks at. */
export interface AuthnContext {
  readonly store: ObjectStore
  readonly adminToken: string
  /** Service account tokens that were issued, by the SHA-256 of their text. */
  readonly issuedTokens: Map<string, {user: UserInfo; expiresAt: number}>
  now(): number
}

const BOOTSTRAP_TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/
const BOOTSTRAP_GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/

/**
 * Finds out who sends a request: a client certificate of the cluster's CA first, as on a real server, then a
 * bearer token (admin, service account, bootstrap).
 * @returns undefined where the request is anonymous or its credentials are not good
 */
export function authenticate(context: AuthnContext, request: IncomingMessage): UserInfo | undefined {
  const user = certificateUser(request.socket as TLSSocket) ?? bearerUser(context, request)
  if (user === undefined) return undefined
  return withAuthenticatedGroup(user)
}

/** Who a bearer token stands for, for authentication and TokenReviews. */
export function tokenUser(context: AuthnContext, token: string): UserInfo | undefined {
  if (sameText(token, context.adminToken)) return {username: 'system:admin', groups: ['system:masters']}
  const issued = context.issuedTokens.get(tokenHash(token))
  if (issued !== undefined) return issued.expiresAt > context.now() ? issued.user : undefined
  return bootstrapUser(context, token)
}

/** Every authenticated user is in `system:authenticated`. */
export function withAuthenticatedGroup(user: UserInfo): UserInfo {
  if (user.groups.includes('system:authenticated')) return user
  return {...user, groups: [...user.groups, 'system:authenticated']}
}

/** The form in which issued tokens are kept. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function certificateUser(socket: TLSSocket): UserInfo | undefined {
  if (!socket.authorized) return undefined
  const subject = socket.getPeerCertificate()?.subject as Record<string, string | string[]> | undefined
  const cn = subject?.['CN']
  if (typeof cn !== 'string') return undefined
  return {username: cn, groups: [subject?.['O'] ?? []].flat()}
}

function bearerUser(context: AuthnContext, request: IncomingMessage): UserInfo | undefined {
  const match = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')
  return match ? tokenUser(context, match[1]!) : undefined
}

/** Bootstrap tokens are Secrets; the rules are those of the stock authenticator (facts: k3s.md section 2). */
function bootstrapUser(context: AuthnContext, token: string): UserInfo | undefined {
  const match = BOOTSTRAP_TOKEN.exec(token)
  if (!match) return undefined
  const [, id, tokenSecret] = match as unknown as [string, string, string]
  const secret = context.store.get(resourceType('secrets'), 'kube-system', `bootstrap-token-${id}`)
  if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return undefined
  if (digText(secret, 'type') !== 'bootstrap.kubernetes.io/token') return undefined
  if (
    secretText(secret, 'token-id') !== id ||
    !sameText(secretText(secret, 'token-secret') ?? '', tokenSecret)
  ) {
    return undefined
  }
  if (bootstrapTokenExpired(secret, context.now())) return undefined
  if (secretText(secret, 'usage-bootstrap-authentication') !== 'true') return undefined
  const extra = (secretText(secret, 'auth-extra-groups') ?? '').split(',').filter((group) => group !== '')
  if (!extra.every((group) => BOOTSTRAP_GROUP.test(group))) return undefined
  return {username: `system:bootstrap:${id}`, groups: ['system:bootstrappers', ...extra]}
}

/** Whether a bootstrap token Secret is past its expiration; an unreadable one counts as expired. */
export function bootstrapTokenExpired(secret: KubeObject, now: number): boolean {
  const expiration = secretText(secret, 'expiration')
  if (expiration === undefined || expiration === '') return false
  const time = Date.parse(expiration)
  return Number.isNaN(time) || time <= now
}

/** A value of a Secret as text. */
export function secretText(secret: KubeObject, name: string): string | undefined {
  const encoded = digText(secret, 'data', name)
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8')
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}
