import {DaasError} from '../errors/daas-error.ts'
import {installAdmissionPolicy} from '../kube/admission-policy.ts'
import type {KubeHttp} from '../kube/kube-http.ts'
import {refusedStatus} from '../kube/kube-status.ts'
import {applyObject, readManifest} from '../kube/manifests.ts'
import {errorFields} from './logger.ts'
import type {ListenerLogger} from './logger.ts'

/**
 * Makes the cluster ready for workers and users: admission policy and allow-list, roles of the groups. Where the
 * listener may not write roles, an administrator has to apply templates/user-rbac.yaml; that alone does not stop it.
 * @throws KUBE_REFUSED, KUBE_UNREACHABLE for the admission policy: without it no node is bound to its stake
 */
export async function installRules(
  http: KubeHttp,
  exempt: readonly string[],
  logger: ListenerLogger,
  signal: AbortSignal,
): Promise<void> {
  const {firstTime, adopted} = await installAdmissionPolicy(http, {exempt, signal})
  if (firstTime) logger.info({adopted}, 'admission policy installed; these nodes need no stake')
  try {
    for (const object of await readManifest('user-rbac.yaml')) await applyObject(http, object, signal)
  } catch (error) {
    if (!(error instanceof DaasError) || refusedStatus(error) !== 403) throw error
    logger.warn(errorFields(error), 'not allowed to write roles: apply templates/user-rbac.yaml by hand')
  }
}
