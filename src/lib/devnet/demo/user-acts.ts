import type {UserAct} from './kubectl-session.ts'
import type {DemoStageName} from './stages.ts'

const CONFIG_MAP = '/api/v1/namespaces/default/configmaps'

/** What the user of the demo does through the chain, in order. */
export function userActs(node: string): {stage: DemoStageName; act: UserAct}[] {
  const name = 'greeting'
  const created = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name},
    data: {text: 'hello through the chain'},
  }
  return [
    {
      stage: 'get-nodes',
      act: {args: ['get', 'nodes'], http: {method: 'GET', path: '/api/v1/nodes'}, expect: node},
    },
    {
      stage: 'create',
      act: {
        args: ['create', 'configmap', name, `--from-literal=text=${created.data.text}`],
        http: {method: 'POST', path: CONFIG_MAP, body: created},
        expect: name,
      },
    },
    {
      stage: 'get',
      act: {
        args: ['get', 'configmap', name, '-o', 'yaml'],
        http: {method: 'GET', path: `${CONFIG_MAP}/${name}`},
        expect: created.data.text,
      },
    },
    {
      stage: 'delete',
      act: {
        args: ['delete', 'configmap', name],
        http: {method: 'DELETE', path: `${CONFIG_MAP}/${name}`},
        expect: name,
      },
    },
  ]
}
