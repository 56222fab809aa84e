/**
 * What oclif is to see of a command line. Everything behind `kubectl` belongs to kubectl, `--help` included, so a `--`
 * is put between (oclif takes `--help` before a command runs).
 * @example commandLine(['kubectl', 'get', 'pods', '--help']) // ['kubectl', '--', 'get', 'pods', '--help']
 */
export function commandLine(args: readonly string[]): string[] {
  return args[0] === 'kubectl' ? ['kubectl', '--', ...args.slice(1)] : [...args]
}
