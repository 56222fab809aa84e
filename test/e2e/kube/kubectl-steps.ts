/** One command, run straight and through the chain. `NS` stands for a namespace, and a node, of each side's own. */
export interface Step {
  /** What the table calls it. */
  readonly verb: string
  readonly args: readonly string[]
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** What the exit code must be; 0 where absent. */
  readonly exit?: number
}

/** Where files of the steps lie. */
export interface StepFiles {
  /** Bytes that are no text. */
  readonly binary: string
  /** An executable that edits `k: v` into `k: edited`. */
  readonly editor: string
  /** A directory with a kustomization of one ConfigMap, `kustomized`. */
  readonly kustomization: string
  /** A PKCS #10 request, PEM in base64. */
  readonly csr: string
}

const configMap = (name: string, data: object): string =>
  JSON.stringify({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, namespace: 'NS'}, data})
const widgets = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'things.NS.example.com'},
  spec: {
    group: 'NS.example.com',
    scope: 'Namespaced',
    names: {plural: 'things', singular: 'thing', kind: 'Thing', shortNames: ['th-NS']},
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {size: {type: 'integer', minimum: 1, description: 'how large it is'}},
              },
            },
          },
        },
        additionalPrinterColumns: [{name: 'Size', type: 'integer', jsonPath: '.spec.size'}],
      },
    ],
  },
})
const signing = (request: string): string =>
  JSON.stringify({
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: {name: 'NS'},
    spec: {request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth']},
  })
const thing = (size: unknown): string =>
  JSON.stringify({
    apiVersion: 'NS.example.com/v1',
    kind: 'Thing',
    metadata: {name: 't', namespace: 'NS'},
    spec: {size},
  })

/** Splits at spaces; what holds spaces itself is given as further arguments. */
function step(line: string, ...more: string[]): Step {
  const args = [...line.split(' '), ...more]
  return {verb: args[0] ?? '', args}
}

function reads(line: string, input: string, ...more: string[]): Step {
  return {...step(line, ...more), input}
}

function refused(one: Step, exit = 1): Step {
  return {...one, exit}
}

/** Every verb of kubectl that is no stream, in an order in which each finds what it needs. */
export function verbSteps({binary, editor, kustomization, csr}: StepFiles): Step[] {
  const edit = {env: {KUBE_EDITOR: editor}}
  return [
    // create
    step('create namespace NS'),
    step('create configmap one --from-literal=k=v --from-literal=n=1 -n NS'),
    step(`create configmap bytes --from-file=raw=${binary} -n NS`),
    step('create secret generic hidden --from-literal=password=canary -n NS'),
    step('create deployment web --image=nginx:1 --replicas=0 -n NS'),
    step('create serviceaccount robot -n NS'),
    step('create role reader --verb=get,list --resource=pods -n NS'),
    step('create rolebinding reader --role=reader --serviceaccount=NS:robot -n NS'),
    step('create quota most --hard=pods=100 -n NS'),
    step('create service clusterip plain --tcp=80 -n NS'),
    step('create ingress way --rule=a.example/x=plain:80 -n NS'),
    step('create job once --image=busybox -n NS -- true'),
    step('create cronjob often --image=busybox -n NS', '--schedule=0 * * * *', '--', 'true'),
    step('create poddisruptionbudget floor --selector=app=web --min-available=1 -n NS'),
    step('create priorityclass NS --value=7'),
    step('create token robot --duration=10m -n NS -o jsonpath={.kind}'),
    step('create configmap dry --from-literal=k=v --dry-run=server -n NS -o yaml'),
    reads('create -f - -n NS', configMap('piped', {k: 'v'})),
    refused(reads('create -f - -n NS', configMap('piped', {k: 'v'}))),
    refused(reads('create -f - -n NS', configMap('Not_A_Name', {k: 'v'}))),
    step('create clusterrole NS --verb=get --resource=nodes'),
    step('create clusterrolebinding NS --clusterrole=NS --user=ann'),
    step('create service externalname away --external-name=a.example -n NS'),
    step('create service nodeport opened --tcp=80 --node-port=0 -n NS -o name'),
    reads('create --raw /api/v1/namespaces/NS/configmaps -f -', configMap('raw', {k: 'v'})),
    step('run pod --image=busybox --restart=Never -n NS'),
    // get
    step('get configmaps -n NS'),
    step('get cm one -n NS -o wide'),
    step('get cm one -n NS -o name'),
    step('get cm one -n NS -o json'),
    step('get cm bytes -n NS -o yaml'),
    step('get cm one -n NS -o jsonpath={.data.k}'),
    step('get cm one -n NS -o custom-columns=NAME:.metadata.name,K:.data.k'),
    step('get cm one -n NS -o go-template={{.data.n}}'),
    step('get cm,secret,svc,deploy,sa,role,job,cronjob,ing,pdb,quota -n NS'),
    step('get all -n NS'),
    step('get pods -n NS --show-labels'),
    step('get pods -n NS -l run=pod --sort-by=.metadata.name'),
    step('get pods -n NS --field-selector=status.phase=Pending -o name'),
    step('get cm -A --field-selector=metadata.name=one,metadata.namespace=NS'),
    step('get cm -n NS --field-selector=metadata.name=bytes -o name'),
    step('get cm -n NS --chunk-size=1 -o name'),
    refused(step('get cm -n NS --output-watch-events -o name')),
    step('get --raw /api/v1/namespaces/NS/configmaps/one'),
    step('get --raw /version'),
    step('get --raw /apis/apps'),
    step('get --raw /readyz'),
    reads('get -f - -o name', configMap('one', {})),
    step('get cm one -n NS -o yaml --show-managed-fields'),
    step('get cm none -n NS --ignore-not-found'),
    refused(step('get cm none -n NS')),
    refused(step('get nothings -n NS')),
    refused(step('get --raw /api/v1/namespaces/NS/configmaps/none')),
    step('get node NS'),
    step('get priorityclass NS -o name'),
    // apply, diff
    reads('apply -f - -n NS', configMap('applied', {a: '1'})),
    reads('apply -f - -n NS', configMap('applied', {a: '1'})),
    refused(reads('diff -f - -n NS', configMap('applied', {a: '2'}))),
    reads('diff -f - -n NS', configMap('applied', {a: '1'})),
    reads('apply -f - -n NS', configMap('applied', {a: '2', b: '3'})),
    step('apply view-last-applied cm applied -n NS'),
    reads('apply --server-side -f - -n NS', configMap('ssa', {a: '1'})),
    reads('apply --server-side --field-manager=mine -f - -n NS', configMap('ssa', {b: '1'})),
    refused(reads('apply --server-side --field-manager=mine -f - -n NS', configMap('ssa', {a: '9'}))),
    reads(
      'apply --server-side --field-manager=mine --force-conflicts -f - -n NS',
      configMap('ssa', {a: '9'}),
    ),
    reads('apply --dry-run=server -f - -n NS', configMap('never', {a: '1'})),
    refused(reads('diff --server-side --field-manager=mine -f - -n NS', configMap('ssa', {b: '7'}))),
    step(`apply -k ${kustomization} -n NS`),
    step(`delete -k ${kustomization} -n NS`),
    reads('apply set-last-applied -f - -n NS', configMap('applied', {a: '2'})),
    // patch
    step('patch cm one -n NS --type=json', '-p', '[{"op":"replace","path":"/data/k","value":"json"}]'),
    step('patch cm one -n NS --type=merge', '-p', '{"data":{"k":"merge"}}'),
    step(
      'patch deployment web -n NS --type=strategic',
      '-p',
      '{"spec":{"template":{"metadata":{"labels":{"patched":"yes"}}}}}',
    ),
    step('patch deployment web -n NS --subresource=scale --type=merge', '-p', '{"spec":{"replicas":0}}'),
    refused(step('patch cm one -n NS --type=json', '-p', '[{"op":"test","path":"/data/k","value":"x"}]')),
    step('patch deployment web -n NS --subresource=status --type=merge', '-p', '{"status":{"replicas":0}}'),
    refused(step('patch cm none -n NS', '-p', '{}')),
    step('get cm one -n NS -o jsonpath={.data}'),
    // edit, replace, label, annotate
    {...step('edit cm piped -n NS'), ...edit},
    step('get cm piped -n NS -o jsonpath={.data.k}'),
    reads('replace -f - -n NS', configMap('piped', {k: 'replaced'})),
    reads('replace --force -f - -n NS', configMap('piped', {k: 'forced'})),
    refused(reads('replace -f - -n NS', configMap('none', {}))),
    step('label cm one tier=gold -n NS'),
    refused(step('label cm one tier=silver -n NS')),
    step('label cm one tier- -n NS'),
    step('annotate cm one note=hello -n NS', 'words=a b'),
    // workloads
    step('scale deployment web --replicas=1 --current-replicas=0 -n NS'),
    step('scale deployment web --replicas=0 -n NS'),
    step('autoscale deployment web --min=1 --max=3 --cpu-percent=80 -n NS'),
    step('set image deployment/web nginx=nginx:2 -n NS'),
    step('set env deployment/web COLOUR=blue -n NS'),
    step('set env deployment/web --list -n NS'),
    step('set resources deployment/web --limits=cpu=1 -n NS'),
    step('set serviceaccount deployment/web robot -n NS'),
    step('set selector service plain app=web -n NS'),
    step('set subject rolebinding reader --user=ann -n NS'),
    step('rollout status deployment/web --timeout=20s -n NS'),
    step('rollout history deployment/web -n NS'),
    step('rollout history deployment/web --revision=1 -n NS'),
    step('rollout undo deployment/web --to-revision=1 -n NS'),
    step('rollout pause deployment/web -n NS'),
    step('rollout resume deployment/web -n NS'),
    step('rollout restart deployment/web -n NS'),
    step('rollout status deployment/web --timeout=20s -n NS'),
    step('expose deployment web --port=80 --name=shown -n NS'),
    step('wait cm one -n NS --timeout=10s', '--for=jsonpath={.data.k}=merge'),
    refused(step('wait deployment web --for=condition=Impossible --timeout=1s -n NS')),
    step('get deployment web -n NS --subresource=scale'),
    step('wait cm raw -n NS --for=create --timeout=10s'),
    // describe, explain, discovery
    step('events -n NS --types=Warning'),
    step('events -n NS --for=configmap/one'),
    step('describe cm one -n NS'),
    step('describe secret hidden -n NS'),
    step('describe service plain -n NS'),
    step('describe quota most -n NS'),
    step('describe node NS'),
    step('explain pods.spec.containers.image'),
    step('explain deployments --recursive --api-version=apps/v1'),
    step('explain cronjobs.spec.schedule --output=plaintext-openapiv2'),
    refused(step('explain nothings')),
    step('api-resources'),
    step('api-resources --namespaced=false -o name --verbs=list'),
    step('api-versions'),
    step('version'),
    step('cluster-info'),
    // who may what
    step('auth can-i create pods -n NS'),
    step('auth can-i --list -n NS'),
    step('auth can-i get pods/log -n NS -q'),
    step('auth whoami'),
    reads(
      'auth reconcile -n NS -f -',
      JSON.stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: {name: 'made', namespace: 'NS'},
        rules: [{apiGroups: [''], resources: ['pods'], verbs: ['get']}],
      }),
    ),
    refused(step('top nodes')),
    refused(step('top pods -n NS')),
    step('logs pod -n NS'),
    // certificates
    reads('create -f -', signing(csr)),
    step('certificate approve NS'),
    step('get csr NS -o jsonpath={.status.conditions[*].type}'),
    refused(step('certificate deny NS')),
    step('delete csr NS'),
    // nodes
    step('taint node NS a=b:NoSchedule'),
    step('taint node NS a-'),
    step('label node NS shelf=one'),
    step('cordon NS'),
    step('uncordon NS'),
    step('drain NS --dry-run=client'),
    step('drain NS --dry-run=server'),
    step('drain NS --timeout=10s'),
    step('uncordon NS'),
    // custom resources, made on the fly
    reads('create -f -', widgets),
    step('wait crd things.NS.example.com --for=condition=Established --timeout=20s'),
    reads('apply -f - -n NS', thing(3)),
    step('get things.NS.example.com -n NS'),
    step('get th-NS -n NS -o name'),
    step('explain things.NS.example.com.spec.size'),
    refused(reads('apply -f - -n NS', thing('large'))),
    refused(reads('apply -f - -n NS', thing(0))),
    step('patch th-NS t -n NS --type=merge', '-p', '{"spec":{"size":4}}'),
    refused(step('patch th-NS t -n NS --type=strategic', '-p', '{"spec":{"size":5}}')),
    step('delete crd things.NS.example.com --timeout=20s'),
    // without a cluster
    step('config view --minify -o jsonpath={.kind}'),
    step('options'),
    step(`kustomize ${kustomization}`),
    step('completion bash'),
    step('config view --raw=false -o jsonpath={.apiVersion}'),
    step('api-resources --api-group=apps -o wide'),
    refused(step('plugin list')),
    step('alpha'),
    step('help get'),
    refused(step('frobnicate')),
    refused(step('get pods --no-such-flag')),
    // delete
    step('delete cm one bytes -n NS'),
    step('delete cm -l tier=none -n NS'),
    step('delete --raw /api/v1/namespaces/NS/configmaps/raw'),
    reads('delete -f - -n NS', configMap('ssa', {})),
    step('delete clusterrolebinding,clusterrole NS'),
    refused(step('delete cm none -n NS')),
    step('delete deployment web --cascade=orphan --wait=true -n NS --timeout=20s'),
    step('delete pod pod --grace-period=0 --force -n NS'),
    step('delete cm --all -n NS'),
    step('delete priorityclass NS'),
    step('delete namespace NS --wait=false'),
  ]
}
