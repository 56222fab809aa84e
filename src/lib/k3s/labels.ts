import {daasError} from '../errors/daas-error.ts'
import {whyNotOwnLabel} from '../kube/worker-marks.ts'

const LABEL =
  /^(?<key>[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?)=(?<value>([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?)$/

/**
 * Reads `key=value` labels of a node.
 * @throws USAGE
 * @example parseLabels(['zone=attic']) // {zone: 'attic'}
 */
export function parseLabels(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const groups = LABEL.exec(text)?.groups
      if (!groups) throw daasError('USAGE', {reason: `${text} is no label of the form key=value`})
      const why = whyNotOwnLabel(groups.key!)
      if (why !== undefined)
        throw daasError('USAGE', {reason: `the label ${groups.key} is not yours to set: ${why}`})
      return [groups.key!, groups.value!]
    }),
  )
}
