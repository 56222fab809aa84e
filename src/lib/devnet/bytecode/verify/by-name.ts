/** A table with the same value under each of some names, which are divided by blanks. */
export function byName<T>(names: string, value: T): Record<string, T> {
  return Object.fromEntries(names.split(' ').map((name) => [name, value]))
}
