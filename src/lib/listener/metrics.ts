import {collectDefaultMetrics, Counter, Gauge, Histogram, Registry} from 'prom-client'

/** What the listener counts. No addresses, no object ids: labels are few. */
export interface ListenerMetrics {
  registry: Registry
  events: Counter<'type'>
  reconnects: Counter
  requests: Counter<'end'>
  stored: Counter<'end'>
  batchSize: Histogram
  gasMist: Counter
  kubeSeconds: Histogram<'verb' | 'status'>
  http: Counter<'route' | 'status'>
  workers: Counter<'end'>
}

/** Where gauges look. */
export interface MetricSources {
  queueDepth: () => number
  responsesWaiting: () => number
  /** By state. */
  workers: () => Readonly<Record<string, number>>
  /** Registered ones without a heartbeat lately. */
  silentWorkers: () => number
  version: string
}

/** Makes the metrics of one listener, in a registry of its own. */
export function createMetrics({
  queueDepth,
  responsesWaiting,
  workers,
  silentWorkers,
  version,
}: MetricSources): ListenerMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({register: registry})
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }

  gauge('daas_queue_depth', 'requests that wait or run', queueDepth)
  gauge('daas_responses_waiting', 'answers that are not on chain yet', responsesWaiting)
  gauge('daas_workers_silent', 'registered workers that have sent no heartbeat lately', silentWorkers)
  new Gauge({
    name: 'daas_workers',
    help: 'workers, by how far they are',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(workers())) this.set({state}, count)
    },
  })
  new Gauge({name: 'daas_build_info', help: 'always 1', labelNames: ['version'], registers}).set({version}, 1)
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({name, help, labelNames, registers})

  return {
    registry,
    events: counter('daas_events_total', 'events of the cluster, by type', ['type']),
    reconnects: counter('daas_stream_reconnects_total', 'times the event stream was lost', []),
    requests: counter('daas_requests_total', 'kubectl requests, by how they ended', ['end']),
    stored: counter('daas_responses_total', 'answers, by how the chain took them', ['end']),
    batchSize: new Histogram({
      name: 'daas_store_batch_size',
      help: 'answers in one transaction',
      buckets: [1, 2, 4, 8, 16, 32, 64],
      registers,
    }),
    gasMist: counter('daas_store_gas_mist_total', 'gas spent on storing answers, MIST', []),
    kubeSeconds: new Histogram({
      name: 'daas_kube_request_duration_seconds',
      help: 'calls of the Kubernetes API',
      labelNames: ['verb', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    http: counter('daas_http_requests_total', 'requests to the worker endpoint', ['route', 'status']),
    workers: counter('daas_workers_total', 'workers, by what became of them', ['end']),
  }
}
