/** A join token in its parts. */
export interface AgentToken {
  /** 64 hex digits, or '' where the token does not pin the CA. */
  readonly caHash: string
  /** `<id>.<secret>`. Secret. */
  readonly bearer: string
}

const BOOTSTRAP_TOKEN = /^[a-z0-9]{6}\.[a-z0-9]{16}$/

/**
 * Takes a token apart by the rules of the k3s agent (facts: k3s.md section 1): `K10<hash>::<id>.<secret>` or the
 * bare `<id>.<secret>`.
 * @throws Error in k3s's words; holds nothing of the token
 */
export function parseAgentToken(text: string): AgentToken {
  const token = text.trim()
  if (token === '') throw new Error('token must not be empty')
  if (!token.startsWith('K10')) return {caHash: '', bearer: checked(token)}
  const end = token.indexOf('::')
  if (end < 0) throw new Error('invalid token format')
  const caHash = token.slice(3, end)
  if (caHash.length !== 0 && caHash.length !== 64) throw new Error('invalid token CA hash length')
  return {caHash, bearer: checked(token.slice(end + 2))}
}

function checked(bearer: string): string {
  if (!BOOTSTRAP_TOKEN.test(bearer))
    throw new Error('invalid token format: the embedded agent takes bootstrap tokens only')
  return bearer
}
