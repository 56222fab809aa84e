import {KubeConfig} from '@kubernetes/client-node'
import {daasError} from '../errors/daas-error.ts'

/** Which kubeconfig, and which of its contexts. */
export interface KubeConfigSource {
  /** A file; without it the usual order: $KUBECONFIG, ~/.kube/config, the service account of a pod. */
  file?: string
  context?: string
}

/**
 * Loads a kubeconfig. Never falls back to localhost:8080: no cluster in it is an error.
 * @throws KUBECONFIG_INVALID
 */
export function loadKubeConfig({file, context}: KubeConfigSource = {}): KubeConfig {
  const kubeConfig = new KubeConfig()
  const where = file ?? 'the default kubeconfig'
  try {
    if (file === undefined) kubeConfig.loadFromDefault()
    else kubeConfig.loadFromFile(file)
  } catch (cause) {
    throw daasError('KUBECONFIG_INVALID', {file: where, reason: reasonOf(cause)}, {cause})
  }

  if (context !== undefined) {
    if (kubeConfig.getContextObject(context) === null) {
      throw daasError('KUBECONFIG_INVALID', {file: where, reason: `it has no context ${context}`})
    }

    kubeConfig.setCurrentContext(context)
  }

  const server = kubeConfig.getCurrentCluster()?.server
  if (server === undefined || !server.startsWith('https://')) {
    throw daasError('KUBECONFIG_INVALID', {file: where, reason: 'its context names no https:// server'})
  }

  return kubeConfig
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
