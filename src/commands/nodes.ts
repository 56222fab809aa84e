import {ChainCommand} from '../lib/cli/chain-command.ts'
import {chainFlags, Flags} from '../lib/cli/flags.ts'
import {ExitCode} from '../lib/errors/exit-codes.ts'
import type {ListedNode} from '../lib/status/nodes.ts'
import {renderNodes} from '../lib/ui/nodes-text.ts'

/** What `daas nodes` prints under --json. */
interface NodesResult {
  cluster: string
  /** Whether Kubernetes was asked. */
  kubernetes: boolean
  nodes: readonly ListedNode[]
}

export default class Nodes extends ChainCommand<NodesResult> {
  static override summary = 'list the nodes of the cluster, chain and Kubernetes side by side'
  static override description =
    'For who runs the cluster. A node that was evicted and is gone is not listed. Ends with 5 when one is not as it should be.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --kubeconfig /etc/rancher/k3s/k3s.yaml',
    '<%= config.bin %> <%= command.id %> --no-kubernetes --json',
  ]
  static override flags = {
    kubernetes: Flags.boolean({
      summary: 'ask Kubernetes too, not the chain alone',
      env: 'DAAS_ASK_KUBERNETES',
      default: true,
      allowNo: true,
    }),
    kubeconfig: Flags.string({
      summary: 'kubeconfig of the cluster (default: the usual places)',
      helpValue: 'FILE',
      env: 'DAAS_KUBECONFIG',
    }),
    context: Flags.string({summary: 'context of the kubeconfig', helpValue: 'NAME', env: 'DAAS_CONTEXT'}),
    ...chainFlags,
  }

  async run(): Promise<NodesResult> {
    const {flags} = await this.parse(Nodes)
    const [{listWorkers}, {readCluster}, {withRpcErrors}, {compareNodes}] = await Promise.all([
      import('../lib/contracts/list-workers.ts'),
      import('../lib/contracts/reads.ts'),
      import('../lib/sui/rpc-errors.ts'),
      import('../lib/status/nodes.ts'),
    ])
    const {client, network, settings} = await this.openChain(flags)
    const cluster = this.clusterOf(settings)
    const [workers, nodes] = await Promise.all([
      withRpcErrors(network.url, async () =>
        listWorkers(client, await readCluster(client, cluster, this.signal), this.signal),
      ),
      flags.kubernetes ? this.#askKubernetes(flags) : undefined,
    ])
    const listed = compareNodes({workers, nodes})
    this.present(renderNodes(listed, flags.kubernetes))
    if (listed.some(({state}) => state === 'error')) this.endWith(ExitCode.degraded)
    return {cluster, kubernetes: flags.kubernetes, nodes: listed}
  }

  async #askKubernetes({kubeconfig, context}: {kubeconfig?: string; context?: string}) {
    const [{loadKubeConfig}, {createKubeHttp}, {listNodes}] = await Promise.all([
      import('../lib/kube/kubeconfig.ts'),
      import('../lib/kube/kube-http.ts'),
      import('../lib/kube/list-nodes.ts'),
    ])
    const http = createKubeHttp(
      loadKubeConfig({
        ...(kubeconfig !== undefined && {file: kubeconfig}),
        ...(context !== undefined && {context}),
      }),
    )
    try {
      return await listNodes(http, this.signal)
    } finally {
      http.close()
    }
  }
}
