import type {V1Secret} from '@kubernetes/client-node'
import {daasError} from '../errors/daas-error.ts'
import {parseSealToken} from '../seal/token.ts'
import type {KubeHttp} from './kube-http.ts'
import {unlessStatus} from './kube-status.ts'

const SECRETS = '/api/v1/namespaces/kube-system/secrets'
/** Marks tokens that came from a seal; must match Kubernetes' pattern for extra groups. */
const EXTRA_GROUPS = 'system:bootstrappers:daas:seal,system:bootstrappers:k3s:default-node-token'

const MANAGED = 'app.kubernetes.io/managed-by'
const NODE = 'daas.io/node'

/** What the bootstrap token Secret of a worker says. */
export interface BootstrapToken {
  /** Secret: the seal token's text. */
  token: string
  /** Unix time, ms. */
  expiresAtMs: number
  nodeName: string
  /** Object id of the Stake. */
  stake: string
}

/** The name of the Secret of a token id; Kubernetes demands exactly this. */
export function bootstrapSecretName(tokenId: string): string {
  return `bootstrap-token-${tokenId}`
}

/**
 * The Secret that makes Kubernetes take a seal token as a bootstrap token (facts/k3s.md section 2; Kubernetes
 * reference, "Authenticating with Bootstrap Tokens").
 * @throws SEAL_TOKEN_INVALID
 */
export function bootstrapSecret({token, expiresAtMs, nodeName, stake}: BootstrapToken): V1Secret {
  const {id, secret} = parseSealToken(token)
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: bootstrapSecretName(id),
      namespace: 'kube-system',
      labels: {[MANAGED]: 'daas', [NODE]: nodeName},
      annotations: {'daas.io/stake': stake},
    },
    type: 'bootstrap.kubernetes.io/token',
    data: base64Values({
      'token-id': id,
      'token-secret': secret,
      expiration: new Date(expiresAtMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'false',
      'auth-extra-groups': EXTRA_GROUPS,
      description: `daas seal of node ${nodeName}`,
    }),
  }
}

/**
 * Writes the Secret. The same token of the same stake again is success and renews its expiry; another token with
 * this id (2.2e9 ids: they can meet) is refused.
 * @returns true where it was created, false where it stood there already
 * @throws BOOTSTRAP_TOKEN_TAKEN, KUBE_REFUSED, KUBE_UNREACHABLE
 */
export async function createBootstrapSecret(
  http: KubeHttp,
  token: BootstrapToken,
  signal?: AbortSignal,
): Promise<boolean> {
  const secret = bootstrapSecret(token)
  const options = signal === undefined ? {} : {signal}
  const created = await unlessStatus(
    http.json({method: 'POST', path: SECRETS, body: secret, ...options}),
    409,
  )
  if (created !== undefined) return true
  const {id} = parseSealToken(token.token)
  const path = `${SECRETS}/${bootstrapSecretName(id)}`
  const existing = await http.json<V1Secret>({method: 'GET', path, ...options})
  const same =
    existing.data?.['token-secret'] === secret.data?.['token-secret'] &&
    existing.metadata?.annotations?.['daas.io/stake'] === token.stake
  if (!same) throw daasError('BOOTSTRAP_TOKEN_TAKEN', {id})
  await http.json({method: 'PATCH', path, body: {data: {expiration: secret.data?.expiration}}, ...options})
  return false
}

/**
 * Deletes the Secret of a token id where it is ours: two tokens can have the same id, and an administrator may have
 * made one of his own.
 * @param nodeName whose it must be; without it any worker's
 * @returns false where there was none of that kind
 */
export async function deleteBootstrapSecret(
  http: KubeHttp,
  tokenId: string,
  {nodeName, signal}: {nodeName?: string; signal?: AbortSignal} = {},
): Promise<boolean> {
  const path = `${SECRETS}/${bootstrapSecretName(tokenId)}`
  const options = signal === undefined ? {} : {signal}
  const found = await unlessStatus(http.json<V1Secret>({method: 'GET', path, ...options}), 404)
  const labels = found?.metadata?.labels ?? {}
  if (labels[MANAGED] !== 'daas') return false
  if (nodeName !== undefined && labels[NODE] !== nodeName) return false
  return (await unlessStatus(http.json({method: 'DELETE', path, ...options}), 404)) !== undefined
}

function base64Values(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  )
}
