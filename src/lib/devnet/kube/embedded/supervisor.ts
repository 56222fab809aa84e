import {type Api} from './api.ts'
import {type UserInfo} from './types.ts'

/** A plain text answer. */
export interface TextAnswer {
  readonly status: number
  readonly body: string
}

/** Groups that may talk to the supervisor of k3s (facts: k3s.md section 2). */
const AGENT_GROUPS = ['system:bootstrappers', 'system:nodes', 'system:masters']

/**
 * The face that a k3s server shows to agents on the same port: its CA, a ping, and whether it would take a token.
 * @param who finds out who asks
 * @returns undefined where the path is none of the supervisor's
 */
export function handleSupervisor(
  api: Api,
  path: string,
  who: () => UserInfo | undefined,
): TextAnswer | undefined {
  switch (path) {
    case '/cacerts':
      return {status: 200, body: api.ca.certPem}
    case '/ping':
      return {status: 200, body: 'pong'}
    case '/v1-k3s/readyz': {
      const user = who()
      if (user === undefined) return {status: 401, body: 'Unauthorized'}
      return user.groups.some((group) => AGENT_GROUPS.includes(group))
        ? {status: 200, body: 'ok'}
        : {status: 403, body: 'Forbidden'}
    }
    default:
      return undefined
  }
}
