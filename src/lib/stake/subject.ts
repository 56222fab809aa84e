import {daasError} from '../errors/daas-error.ts'

/** For what a stake is made: a node by its name, or its owner as a user of kubectl. */
export type Subject = {readonly kind: 'node'; readonly name: string} | {readonly kind: 'user'}

/** The stake types of the contract (staking.move). */
export const STAKE_TYPE = {node: 0, user: 1, admin: 2} as const

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

/**
 * Makes the subject of a command's flags.
 * @throws NODE_NAME_INVALID
 */
export function subjectOf({node}: {node?: string | undefined}): Subject {
  return node === undefined ? {kind: 'user'} : {kind: 'node', name: checkedNodeName(node)}
}

/** @throws NODE_NAME_INVALID when it is no DNS label: Kubernetes and the contract both refuse it, later. */
export function checkedNodeName(name: string): string {
  if (!DNS_LABEL.test(name)) throw daasError('NODE_NAME_INVALID', {name})
  return name
}

/** The node id that the contract keeps; empty for a user. */
export function nodeIdOf(subject: Subject): string {
  return subject.kind === 'node' ? subject.name : ''
}

/** For sentences: `node worker-1` or `its user`. */
export function describeSubject(subject: Subject): string {
  return subject.kind === 'node' ? `node ${subject.name}` : 'a user'
}

/** The flags that name it on the command line. */
export function subjectFlags(subject: Subject): string {
  return subject.kind === 'node' ? `--node ${subject.name}` : '--user'
}
