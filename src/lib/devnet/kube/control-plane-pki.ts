import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type Ca, type CertRequest, createCa, createRsaKeyPair, type IssuedCert, issueCert} from './pki.ts'

/** A certificate and key as files. */
export interface CertFiles {
  readonly cert: string
  readonly key: string
}

/** The throw-away keys of one control plane. */
export interface ControlPlanePki {
  /** Issues what servers show and clients bring. */
  readonly ca: Ca
  readonly caFile: string
  readonly caKeyFile: string
  /** The front's certificate as a server. */
  readonly front: IssuedCert
  /** With this the front vouches for users whose certificates it has verified. */
  readonly frontProxy: IssuedCert
  readonly frontProxyCaFile: string
  readonly admin: IssuedCert
  readonly controllerManager: IssuedCert
  readonly apiServer: CertFiles
  readonly apiServerKubelet: CertFiles
  readonly etcdCaFile: string
  readonly etcdServer: CertFiles
  readonly etcdClient: CertFiles
  readonly serviceAccountKey: string
  readonly serviceAccountPublicKey: string
}

/** The common name by which the API server knows the front. */
export const FRONT_PROXY_NAME = 'daas-front-proxy'

/**
 * Makes all keys and certificates of a control plane and writes what its programs read, mode 0600.
 * @param dir where to; made, mode 0700
 */
export async function createControlPlanePki(dir: string): Promise<ControlPlanePki> {
  await mkdir(dir, {recursive: true, mode: 0o700})
  const put = async (name: string, text: string): Promise<string> => {
    const file = join(dir, name)
    await writeFile(file, text, {mode: 0o600})
    return file
  }
  const [ca, frontProxyCa, etcdCa, serviceAccount] = await Promise.all([
    createCa('daas-devnet-ca'),
    createCa('daas-devnet-front-proxy-ca'),
    createCa('daas-devnet-etcd-ca'),
    createRsaKeyPair(),
  ])
  const files = async (name: string, authority: Ca, request: CertRequest): Promise<CertFiles> => {
    const {certPem, keyPem} = await issueCert(authority, request)
    return {cert: await put(`${name}.crt`, certPem), key: await put(`${name}.key`, keyPem)}
  }
  const local = {dns: ['localhost'], ips: ['127.0.0.1', '::1']}
  return {
    ca,
    caFile: await put('ca.crt', ca.certPem),
    caKeyFile: await put('ca.key', ca.keyPem),
    front: await issueCert(ca, {cn: 'daas-devnet', ...local, usage: 'server'}),
    frontProxy: await issueCert(frontProxyCa, {cn: FRONT_PROXY_NAME, usage: 'client'}),
    frontProxyCaFile: await put('front-proxy-ca.crt', frontProxyCa.certPem),
    admin: await issueCert(ca, {cn: 'daas-devnet-admin', o: ['system:masters'], usage: 'client'}),
    controllerManager: await issueCert(ca, {cn: 'system:kube-controller-manager', usage: 'client'}),
    apiServer: await files('apiserver', ca, {
      cn: 'kube-apiserver',
      dns: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
      ips: ['127.0.0.1', '::1', '10.43.0.1'],
      usage: 'server',
    }),
    apiServerKubelet: await files('apiserver-kubelet', ca, {
      cn: 'kube-apiserver-kubelet-client',
      o: ['system:masters'],
      usage: 'client',
    }),
    etcdCaFile: await put('etcd-ca.crt', etcdCa.certPem),
    etcdServer: await files('etcd', etcdCa, {cn: 'etcd', ...local, usage: 'both'}),
    etcdClient: await files('apiserver-etcd', etcdCa, {cn: 'kube-apiserver', usage: 'client'}),
    serviceAccountKey: await put('service-account.key', serviceAccount.privateKeyPem),
    serviceAccountPublicKey: await put('service-account.pub', serviceAccount.publicKeyPem),
  }
}

/** A kubeconfig (YAML is a superset of JSON) of a user with a certificate. */
export function certKubeconfig(server: string, caPem: string, user: IssuedCert): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const name = 'daas-devnet'
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [{name, cluster: {server, 'certificate-authority-data': base64(caPem)}}],
      contexts: [{name, context: {cluster: name, user: name}}],
      users: [
        {
          name,
          user: {
            'client-certificate-data': base64(user.certPem),
            'client-key-data': base64(user.keyPem),
          },
        },
      ],
    },
    undefined,
    2,
  )}\n`
}
