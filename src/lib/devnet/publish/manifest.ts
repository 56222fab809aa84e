/** Move.toml, as far as a build needs it. Its tables are flat and its inline tables keep to one line, as TOML wants it. */

/** A dependency as a manifest names it. */
export interface Dependency {
  readonly name: string
  /** Folder, relative to the manifest. */
  readonly local: string | undefined
  /** Folder in a repository. */
  readonly subdir: string | undefined
  /** The value as it was written. */
  readonly text: string
}

/** What a Move.toml says. */
export interface Manifest {
  readonly name: string
  /** The lines of the table `package`. */
  readonly packageLines: readonly string[]
  /** Id of the package on the chain, where it is published. */
  readonly publishedAt: string | undefined
  readonly dependencies: readonly Dependency[]
  /** Named addresses. */
  readonly addresses: ReadonlyMap<string, string>
}

const TABLE = /^\[\s*([\w.-]+)\s*\]$/
const ENTRY = /^([\w-]+|"[^"]+")\s*=\s*(.+)$/

/** The line without a comment; `#` within quotes is none. */
function withoutComment(line: string): string {
  return (/^(?:[^"'#]|"[^"]*"|'[^']*')*/.exec(line)?.[0] ?? '').trim()
}

function stringOf(text: string | undefined, key: string): string | undefined {
  return text === undefined
    ? undefined
    : new RegExp(`(?:^|[{,\\s])${key}\\s*=\\s*["']([^"']*)["']`).exec(text)?.[1]
}

function unquote(text: string): string {
  return text.replaceAll(/^["']|["']$/g, '')
}

/** Reads a manifest. */
export function readManifest(text: string): Manifest {
  const packageLines: string[] = []
  const addresses = new Map<string, string>()
  const dependencies = new Map<string, string>()
  let table = ''
  for (const line of text.split(/\r?\n/).map(withoutComment)) {
    const heading = TABLE.exec(line)?.[1]
    const [, key = '', value = ''] = ENTRY.exec(line) ?? []
    if (heading !== undefined) table = heading
    else if (key === '') continue
    else if (table === 'package') packageLines.push(line)
    else if (table === 'addresses') addresses.set(unquote(key), unquote(value))
    else if (table === 'dependencies') dependencies.set(unquote(key), value)
    else if (table.startsWith('dependencies.')) {
      const name = table.slice('dependencies.'.length)
      const known = dependencies.get(name)?.replace(/\s*\}$/, ',') ?? '{'
      dependencies.set(name, `${known} ${key} = ${value} }`)
    }
  }
  const whole = packageLines.join('\n')
  return {
    name: stringOf(whole, 'name') ?? '',
    packageLines,
    publishedAt: stringOf(whole, 'published-at'),
    dependencies: [...dependencies].map(([name, value]) => {
      return {name, local: stringOf(value, 'local'), subdir: stringOf(value, 'subdir'), text: value}
    }),
    addresses,
  }
}

/** Writes a manifest. */
export function writeManifest({packageLines, dependencies, addresses}: Manifest): string {
  return [
    '[package]',
    ...packageLines,
    '[dependencies]',
    ...dependencies.map(({name, text}) => `${name} = ${text}`),
    '[addresses]',
    ...[...addresses].map(([name, address]) => `"${name}" = "${address}"`),
    '',
  ].join('\n')
}
