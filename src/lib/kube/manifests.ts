import {readFile} from 'node:fs/promises'
import type {KubernetesObject} from '@kubernetes/client-node'
import {parseAllDocuments} from 'yaml'
import type {KubeHttp} from './kube-http.ts'
import {retryConflicts, unlessStatus} from './kube-status.ts'

/** Where the manifests lie in the package. */
const TEMPLATES = new URL('../../../templates/', import.meta.url)

/** The collections of the kinds that our manifests use. */
const COLLECTIONS: Record<string, (namespace: string) => string> = {
  ClusterRole: () => '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: () => '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  Role: (namespace) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
  RoleBinding: (namespace) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
  ServiceAccount: (namespace) => `/api/v1/namespaces/${namespace}/serviceaccounts`,
  Namespace: () => '/api/v1/namespaces',
  ValidatingAdmissionPolicy: () => '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: () =>
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings',
}

/**
 * Reads the objects of a manifest.
 * @param name a file in templates/, for example `admission-policy.yaml`
 */
export async function readManifest(name: string, directory: URL = TEMPLATES): Promise<KubernetesObject[]> {
  const text = await readFile(new URL(name, directory), 'utf8')
  return parseAllDocuments(text).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0]
    return document.toJS() as KubernetesObject
  })
}

/**
 * Makes an object what the manifest says, whatever stands there: create, or replace at the version that was read.
 * A second time changes nothing.
 */
export async function applyObject(
  http: KubeHttp,
  object: KubernetesObject,
  signal?: AbortSignal,
): Promise<void> {
  const {name = '', namespace = ''} = object.metadata ?? {}
  const collection = COLLECTIONS[object.kind ?? '']?.(namespace)
  if (collection === undefined) throw new TypeError(`no collection is known for kind ${object.kind}`)
  const path = `${collection}/${name}`
  const options = signal === undefined ? {} : {signal}
  await retryConflicts(async () => {
    const existing = await unlessStatus(http.json<KubernetesObject>({method: 'GET', path, ...options}), 404)
    if (existing === undefined) {
      await http.json({method: 'POST', path: collection, body: object, ...options})
      return
    }

    const metadata = {...existing.metadata, ...object.metadata}
    await http.json({method: 'PUT', path, body: {...object, metadata}, ...options})
  })
}
