import type {Gateway} from './gateway.ts'

/**
 * The text of a kubeconfig for a gateway, in JSON, which is YAML. Secret: it holds the bearer token.
 * @param namespace the namespace of the context; Kubernetes' own default where absent
 */
export function gatewayKubeconfig(gateway: Omit<Gateway, 'close'>, namespace?: string): string {
  const name = 'daas'
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: `https://${gateway.serverName}`,
          'proxy-url': gateway.url,
          'certificate-authority-data': Buffer.from(gateway.caPem).toString('base64'),
        },
      },
    ],
    users: [{name, user: {token: gateway.token}}],
    contexts: [{name, context: {cluster: name, user: name, ...(namespace && {namespace})}}],
    'current-context': name,
  })
}
