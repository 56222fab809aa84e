import {stringify} from 'yaml'

/** The text of a kubeconfig for a server and a token. */
export function kubeconfigOf(server: {url: string; caPem: string}, token: string): string {
  const {url, caPem} = server
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'it',
    contexts: [{name: 'it', context: {cluster: 'it', user: 'it'}}],
    clusters: [
      {
        name: 'it',
        cluster: {server: url, 'certificate-authority-data': Buffer.from(caPem).toString('base64')},
      },
    ],
    users: [{name: 'it', user: {token}}],
  })
}
