import type {ApiRequest} from './api-path.ts'

/** Subresources that are streams, or a way around the API server's judgement. */
const STREAMS = new Set(['exec', 'attach', 'portforward', 'proxy'])

/** Whether the answer to a request has no end of its own, or needs both directions: it fits in no transaction. */
export function isStream(api: ApiRequest): boolean {
  return (
    api.isWatch ||
    api.query.getAll('watch').some(isTrue) ||
    api.verb === 'proxy' ||
    STREAMS.has(api.subresource ?? '') ||
    (api.subresource === 'log' && api.query.getAll('follow').some(isTrue))
  )
}

/** Kubernetes takes every value but `0` and `false` for yes, the empty one included. */
function isTrue(value: string): boolean {
  return value !== '0' && value.toLowerCase() !== 'false'
}
