import {parseCsr, type ParsedCsr, signPublicKey} from '../pki.ts'
import {type Api, timestamp} from './api.ts'
import {resourceType} from './resources.ts'
import {dig, digList, digText, isJsonObject, type KubeObject} from './types.ts'

const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client-kubelet'
const NODE_USER = 'system:node:'

/** certificatesigningrequests, whose changes the signer follows. */
export const csrType = resourceType('certificatesigningrequests', 'certificates.k8s.io')

/**
 * Approves and signs a certificate signing request where that is due: kubelets' client certificates, asked for with a
 * bootstrap token or renewed by the node itself, are approved without a person, as on k3s; those that a person
 * approved are signed for any of the client signers.
 * @param name the request
 */
export async function processCsr(api: Api, name: string): Promise<void> {
  const csr = api.store.get(csrType, '', name)
  if (csr === undefined || digText(csr, 'status', 'certificate') !== undefined || has(csr, 'Denied')) return
  const signer = digText(csr, 'spec', 'signerName')
  if (signer !== CLIENT_SIGNER && signer !== 'kubernetes.io/kube-apiserver-client') return
  const request = await readRequest(csr)
  if (request === undefined) {
    write(api, name, {
      conditions: [condition(api, 'Failed', 'SignerValidationFailure', 'the request cannot be read')],
    })
    return
  }
  if (!has(csr, 'Approved')) {
    if (signer !== CLIENT_SIGNER || !selfApproving(csr, request)) return
    const message = 'Auto approving kubelet client certificate after SubjectAccessReview.'
    write(api, name, {conditions: [condition(api, 'Approved', 'AutoApproved', message)]})
    return
  }
  const pem = await signPublicKey(api.ca, request.publicKey, {cn: request.cn, o: request.o, usage: 'client'})
  write(api, name, {certificate: Buffer.from(pem).toString('base64')})
}

async function readRequest(csr: KubeObject): Promise<ParsedCsr | undefined> {
  const pem = Buffer.from(digText(csr, 'spec', 'request') ?? '', 'base64').toString('utf8')
  let request: ParsedCsr
  try {
    request = await parseCsr(pem)
  } catch (error) {
    // What is no request is answered by the condition Failed.
    if (error instanceof Error) return undefined
    throw error
  }
  return request.valid ? request : undefined
}

/** Whether the request is of a kubelet: right subject, and asked for by a bootstrap token or by the node itself. */
function selfApproving(csr: KubeObject, request: ParsedCsr): boolean {
  if (!request.cn.startsWith(NODE_USER) || request.o.length !== 1 || request.o[0] !== 'system:nodes')
    return false
  const groups = digList(csr, 'spec', 'groups')
  return groups.includes('system:bootstrappers') || dig(csr, 'spec', 'username') === request.cn
}

function has(csr: KubeObject, type: string): boolean {
  return digList(csr, 'status', 'conditions').some((item) => dig(item, 'type') === type)
}

function condition(api: Api, type: string, reason: string, message: string): object {
  const time = timestamp(api.now())
  return {type, status: 'True', reason, message, lastUpdateTime: time, lastTransitionTime: time}
}

function write(api: Api, name: string, status: object): void {
  const csr = api.store.get(csrType, '', name)
  if (csr === undefined) return
  api.store.put(csrType, {...csr, status: {...(isJsonObject(csr['status']) ? csr['status'] : {}), ...status}})
}
