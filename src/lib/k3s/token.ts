import {daasError} from '../errors/daas-error.ts'

/** A join token taken apart. */
export interface JoinToken {
  /** 64 lower-case hex digits, or '' where the token does not pin a CA. */
  readonly caHash: string
  /** The public half of the bootstrap token, six characters. */
  readonly id: string
  /** Its secret half, sixteen characters. */
  readonly secret: string
}

const BOOTSTRAP = /^([a-z0-9]{6})\.([a-z0-9]{16})$/
const CA_HASH = /^[0-9a-f]{64}$/

/** Whether a text has the shape of a Kubernetes bootstrap token, which is also that of a seal token. */
export function isBootstrapToken(text: string): boolean {
  return BOOTSTRAP.test(text)
}

/**
 * Puts a join token together in the form k3s calls secure: `K10<hash>::<id>.<secret>`. With it the agent checks the
 * CA before it sends the secret.
 * @param caHash 64 lower-case hex digits; k3s compares text, so upper case would never match
 * @param sealToken `<id>.<secret>`
 * @throws JOIN_TOKEN_INVALID
 */
export function formatJoinToken(caHash: string, sealToken: string): string {
  if (!CA_HASH.test(caHash))
    throw daasError('JOIN_TOKEN_INVALID', {reason: 'the CA hash is not 64 lower-case hex digits'})
  if (!isBootstrapToken(sealToken)) {
    throw daasError('JOIN_TOKEN_INVALID', {
      reason: 'the seal token is not of the form <6 characters>.<16 characters>',
    })
  }
  return `K10${caHash}::${sealToken}`
}

/**
 * Takes a join token apart, by the rules of the k3s agent: `K10<hash>::<id>.<secret>`, `K10::<id>.<secret>` or
 * `<id>.<secret>`. k3s also knows `user:password` tokens; daas never makes those, so they are refused here.
 * White space around it does not count (a token file ends with a newline).
 * @throws JOIN_TOKEN_INVALID, whose text holds nothing of the token
 */
export function parseJoinToken(text: string): JoinToken {
  const token = text.trim()
  if (token === '') throw daasError('JOIN_TOKEN_INVALID', {reason: 'it is empty'})
  let caHash = ''
  let credentials = token
  if (token.startsWith('K10')) {
    const end = token.indexOf('::')
    if (end < 0) throw daasError('JOIN_TOKEN_INVALID', {reason: 'it starts with K10 but has no ::'})
    caHash = token.slice(3, end)
    credentials = token.slice(end + 2)
    if (caHash !== '' && !CA_HASH.test(caHash)) {
      throw daasError('JOIN_TOKEN_INVALID', {reason: 'its CA hash is not 64 lower-case hex digits'})
    }
  }
  const match = BOOTSTRAP.exec(credentials)
  if (!match?.[1] || !match[2]) {
    throw daasError('JOIN_TOKEN_INVALID', {
      reason: 'its credentials are not of the form <6 characters>.<16 characters>',
    })
  }
  return {caHash, id: match[1], secret: match[2]}
}

/**
 * What replaces the token once the node is in: the pin and the public id stay, because a restarting agent insists on
 * a token of the right shape, while its client certificate is what lets it in.
 */
export function scrubbedJoinToken(token: JoinToken): string {
  return formatJoinToken(token.caHash, `${token.id}.${'0'.repeat(16)}`)
}
