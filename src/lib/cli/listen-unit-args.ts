/** Those without a value: a unit is not for printing units, and takes new keys when it is told to, not at each start. */
const ALONE = new Set(['--print-unit', '--json', '--rotate-keys'])

/** Key and kubeconfig come as credentials of the unit; chain and cluster, as what their names stand for, by its environment. */
const WITH_VALUE = new Set(['--key-file', '--kubeconfig', '--cluster', '-c', '--rpc-url', '--network'])

/**
 * The arguments of `daas listen` that its unit repeats.
 * @param argv as they were typed, without the command itself
 */
export function listenUnitArgs(argv: readonly string[]): string[] {
  return argv.filter((arg, index) => {
    const [name = ''] = arg.split('=', 1)
    // The value of a short flag may follow without a blank.
    if (ALONE.has(name) || WITH_VALUE.has(name) || /^-c./.test(arg)) return false
    return !WITH_VALUE.has(argv[index - 1] ?? '')
  })
}
