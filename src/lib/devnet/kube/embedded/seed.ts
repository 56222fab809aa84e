import {type Api} from './api.ts'
import {ensure} from './controllers.ts'
import {resourceType} from './resources.ts'

const RBAC = 'rbac.authorization.k8s.io'
const READ = ['get', 'list', 'watch']
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update']

interface Rule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  nonResourceURLs?: string[]
}

const rule = (verbs: string[], apiGroup: string, ...resources: string[]): Rule => ({
  verbs,
  apiGroups: [apiGroup],
  resources,
})

const APPS = ['deployments', 'daemonsets', 'replicasets', 'statefulsets']
const CORE_VIEW = [
  'configmaps',
  'endpoints',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'serviceaccounts',
  'services',
]
const VIEW_RULES = [
  rule(
    READ,
    '',
    ...CORE_VIEW,
    'events',
    'limitranges',
    'namespaces',
    'resourcequotas',
    'pods/log',
    'pods/status',
  ),
  rule(READ, 'apps', ...APPS, 'controllerrevisions'),
  rule(READ, 'batch', 'jobs', 'cronjobs'),
  rule(READ, 'networking.k8s.io', 'ingresses', 'networkpolicies'),
  rule(READ, 'policy', 'poddisruptionbudgets'),
]
const EDIT_RULES = [
  ...VIEW_RULES,
  rule([...READ, ...WRITE], '', ...CORE_VIEW, 'secrets'),
  rule(['create'], '', 'pods/eviction', 'serviceaccounts/token'),
  rule(WRITE, 'apps', ...APPS),
  rule(WRITE, 'batch', 'jobs', 'cronjobs'),
  rule(WRITE, 'networking.k8s.io', 'ingresses', 'networkpolicies'),
]

/** Roles that clients may count on, with the names and the sense that they have on every cluster. */
const CLUSTER_ROLES: Record<string, Rule[]> = {
  'cluster-admin': [rule(['*'], '*', '*'), {verbs: ['*'], nonResourceURLs: ['*']}],
  admin: [
    ...EDIT_RULES,
    rule([...READ, ...WRITE], RBAC, 'roles', 'rolebindings'),
    rule(['create'], 'authorization.k8s.io', 'localsubjectaccessreviews'),
  ],
  edit: EDIT_RULES,
  view: VIEW_RULES,
  'system:basic-user': [
    rule(['create'], 'authorization.k8s.io', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'),
    rule(['create'], 'authentication.k8s.io', 'selfsubjectreviews'),
  ],
  'system:discovery': [
    {
      verbs: ['get'],
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ],
    },
  ],
  'system:public-info-viewer': [
    {verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/']},
  ],
  'system:node': [],
  'system:node-bootstrapper': [
    rule(['create', 'get', 'list', 'watch'], 'certificates.k8s.io', 'certificatesigningrequests'),
  ],
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': [
    rule(['create'], 'certificates.k8s.io', 'certificatesigningrequests/nodeclient'),
  ],
}

/** Which group has which of them; the two of bootstrappers are what k3s grants by itself. */
const CLUSTER_ROLE_BINDINGS: Record<string, [role: string, group: string]> = {
  'cluster-admin': ['cluster-admin', 'system:masters'],
  'system:basic-user': ['system:basic-user', 'system:authenticated'],
  'system:discovery': ['system:discovery', 'system:authenticated'],
  'system:public-info-viewer': ['system:public-info-viewer', 'system:authenticated'],
  'daas-embedded:node-bootstrapper': ['system:node-bootstrapper', 'system:bootstrappers'],
  'daas-embedded:nodeclient': [
    'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
    'system:bootstrappers',
  ],
}

/** Writes what a cluster has from its start: namespaces, roles, bindings, the service of the API. */
export function seedCluster(api: Api): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    ensure(api, resourceType('namespaces'), '', name, {
      labels: {'kubernetes.io/metadata.name': name},
      spec: {finalizers: ['kubernetes']},
      status: {phase: 'Active'},
    })
  }
  const labels = {'kubernetes.io/bootstrapping': 'rbac-defaults'}
  for (const [name, rules] of Object.entries(CLUSTER_ROLES)) {
    ensure(api, resourceType('clusterroles', RBAC), '', name, {labels, rules})
  }
  for (const [name, [role, group]] of Object.entries(CLUSTER_ROLE_BINDINGS)) {
    ensure(api, resourceType('clusterrolebindings', RBAC), '', name, {
      labels,
      roleRef: {apiGroup: RBAC, kind: 'ClusterRole', name: role},
      subjects: [{apiGroup: RBAC, kind: 'Group', name: group}],
    })
  }
  ensure(api, resourceType('services'), 'default', 'kubernetes', {
    labels: {component: 'apiserver', provider: 'kubernetes'},
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.43.0.1',
      ports: [{name: 'https', port: 443, protocol: 'TCP', targetPort: 6443}],
    },
    status: {loadBalancer: {}},
  })
}
