import {type ClusterClient} from './conformance-client.ts'

/** What the parts of the conformance suite share. */
export interface ConformanceContext {
  /** The cluster, once it is there. */
  cluster(): ClusterClient
  /** The namespace of this run. */
  readonly namespace: string
  /** The path of the ConfigMaps in it. */
  readonly configMaps: string
  /** For names of cluster-scoped objects. */
  readonly suffix: string
  /** A test that needs kubectl, skipped loudly where there is none. */
  withKubectl(title: string, test: () => Promise<void>): void
}

/** A ConfigMap to send. */
export function configMap(
  name: string,
  data: Record<string, string>,
  labels?: Record<string, string>,
): object {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, ...(labels ? {labels} : {})}, data}
}
