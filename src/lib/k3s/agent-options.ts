import {daasError} from '../errors/daas-error.ts'

const TAINT =
  /^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?(=[A-Za-z0-9_.-]{0,63})?:(NoSchedule|PreferNoSchedule|NoExecute)$/

/**
 * Checks taints of the form `key=value:Effect` or `key:Effect`.
 * @throws USAGE
 */
export function checkedTaints(texts: readonly string[]): string[] {
  for (const text of texts) {
    if (TAINT.test(text)) continue
    throw daasError('USAGE', {reason: `${text} is no taint of the form key=value:NoSchedule`})
  }

  return [...texts]
}

/** Flags of `k3s agent` that daas sets itself, and how to say the same to daas. */
const RESERVED: Readonly<Record<string, string>> = {
  '--token': 'the token never stands on a command line: daas writes it into a file',
  '-t': 'the token never stands on a command line: daas writes it into a file',
  '--token-file': 'daas writes the token file itself',
  '--agent-token': 'the token never stands on a command line: daas writes it into a file',
  '--server': 'the server is the one that the listener names',
  '-s': 'the server is the one that the listener names',
  '--node-name': 'name the node with --node',
  '--with-node-id': 'the name of a node belongs to its stake: name it with --node',
  '--data-dir': 'use --data-dir of daas join',
  '-d': 'use --data-dir of daas join',
  '--node-label': 'use --label of daas join',
  '--node-taint': 'use --taint of daas join',
  '--config': 'give the flags themselves: a configuration file could name another server',
  '-c': 'give the flags themselves: a configuration file could name another server',
}

/**
 * Checks what is passed on to `k3s agent`: anything but what daas answers for.
 * @throws AGENT_ARGUMENT_RESERVED
 */
export function checkedAgentArgs(args: readonly string[]): string[] {
  for (const arg of args) {
    const flag = arg.split('=', 1)[0] ?? arg
    // k3s takes -token for --token too.
    const name = /^-[a-z-]{2,}$/.test(flag) && !flag.startsWith('--') ? `-${flag}` : flag
    const remedy = RESERVED[name]
    if (remedy !== undefined) throw daasError('AGENT_ARGUMENT_RESERVED', {flag: name, remedy})
  }

  return [...args]
}

/** Splits a command line at its first `--`: what is for daas, and what is for the agent. */
export function splitAtDashes(argv: readonly string[]): {own: string[]; passed: string[]} {
  const at = argv.indexOf('--')
  return at < 0 ? {own: [...argv], passed: []} : {own: argv.slice(0, at), passed: argv.slice(at + 1)}
}

/** A command line as a shell takes it back. */
export function shellLine(args: readonly string[]): string {
  return args
    .map((arg) => (/^[A-Za-z0-9_./:=@,+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ')
}
