import {X509Certificate} from 'node:crypto'
import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {stringify} from 'yaml'
import {digList, digText} from '../embedded/types.ts'
import {createCsr} from '../pki.ts'
import {type AgentResponse, type Credentials, send, type ServerOptions} from './embedded-client.ts'

const CSRS = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const ISSUE_DEADLINE_MS = 15_000
const POLL_MS = 200

/** Where the agent keeps its identity. */
export interface IdentityFiles {
  readonly dir: string
  readonly cert: string
  readonly key: string
}

/** The files of k3s: `<data-dir>/agent/client-kubelet.{crt,key}`. */
export function identityFiles(dataDir: string): IdentityFiles {
  const dir = join(dataDir, 'agent')
  return {dir, cert: join(dir, 'client-kubelet.crt'), key: join(dir, 'client-kubelet.key')}
}

/** The stored identity, or undefined where there is none or it is past its end. */
export async function loadIdentity(
  files: IdentityFiles,
  now: number,
): Promise<{certPem: string; keyPem: string} | undefined> {
  const [certPem, keyPem] = await Promise.all([readIfThere(files.cert), readIfThere(files.key)])
  if (certPem === undefined || keyPem === undefined) return undefined
  return Date.parse(new X509Certificate(certPem).validTo) > now ? {certPem, keyPem} : undefined
}

/**
 * Asks the server for a node's client certificate with a certificate signing request, and waits until it is issued.
 * The key is made here and stays in the data folder.
 * @param bearer the bootstrap token
 * @throws Error where the server refuses, or issues nothing in time
 */
export async function requestIdentity(
  options: ServerOptions,
  files: IdentityFiles,
  nodeName: string,
): Promise<Credentials> {
  const {csrPem, keyPem} = await createCsr({cn: `system:node:${nodeName}`, o: ['system:nodes']})
  const created = await send(options, {
    method: 'POST',
    path: CSRS,
    body: {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: {generateName: 'csr-'},
      spec: {
        request: Buffer.from(csrPem).toString('base64'),
        signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
        usages: ['digital signature', 'client auth'],
      },
    },
  })
  if (created.status !== 201) throw refusal(CSRS, created)
  const path = `${CSRS}/${digText(created.json, 'metadata', 'name')}`
  const certPem = await issued(options, path)
  await mkdir(files.dir, {recursive: true, mode: 0o700})
  await writeAtomically(files.key, keyPem)
  await writeAtomically(files.cert, certPem)
  return {certPem, keyPem}
}

/** Writes the kubeconfig of the kubelet: paths to its certificate, no secret in it. */
export async function writeKubeletConfig(
  files: IdentityFiles,
  server: string,
  caPem: string | undefined,
): Promise<void> {
  const cluster =
    caPem === undefined ? {server} : {server, 'certificate-authority': join(files.dir, 'server-ca.crt')}
  if (caPem !== undefined) await writeAtomically(join(files.dir, 'server-ca.crt'), caPem)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'local',
    clusters: [{name: 'local', cluster}],
    contexts: [{name: 'local', context: {cluster: 'local', user: 'user'}}],
    users: [{name: 'user', user: {'client-certificate': files.cert, 'client-key': files.key}}],
  }
  await writeAtomically(join(files.dir, 'kubelet.kubeconfig'), stringify(config))
}

/** An answer that is no success, as an error with the status and the server's words. */
export function refusal(path: string, response: AgentResponse): Error {
  const words = digText(response.json, 'message') ?? response.text.trim()
  return new Error(`${path}: ${response.status} ${words}`)
}

async function issued(options: ServerOptions, path: string): Promise<string> {
  const attempts = Math.ceil(ISSUE_DEADLINE_MS / POLL_MS)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const csr = await send(options, {method: 'GET', path})
    if (csr.status !== 200) throw refusal(path, csr)
    const certificate = digText(csr.json, 'status', 'certificate')
    if (certificate !== undefined) return Buffer.from(certificate, 'base64').toString('utf8')
    const refused = digList(csr.json, 'status', 'conditions').find((condition) =>
      ['Denied', 'Failed'].includes(digText(condition, 'type') ?? ''),
    )
    if (refused !== undefined)
      throw new Error(`${path}: ${digText(refused, 'type')}: ${digText(refused, 'message')}`)
    await delay(POLL_MS, undefined, {signal: options.signal})
  }
  throw new Error(`${path}: no certificate was issued within ${ISSUE_DEADLINE_MS / 1000} s`)
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** 0600 and whole, or not at all. */
async function writeAtomically(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, {mode: 0o600})
  await rename(`${file}.new`, file)
}
