import {readFile} from 'node:fs/promises'

/** Where the templates lie in the package. */
const TEMPLATES = new URL('../../../templates/', import.meta.url)

/**
 * Renders a template: `{{name}}` becomes its value; a line that is nothing but an empty value vanishes.
 * @param name a file in templates/
 * @throws Error for a name that has no value, or a value that no place asks for: template and caller have parted
 */
export async function renderTemplate(
  name: string,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const text = await readFile(new URL(name, TEMPLATES), 'utf8')
  const used = new Set<string>()
  const fill = (line: string): string =>
    line.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => {
      const value = values[key]
      if (value === undefined) throw new Error(`${name}: no value for ${key}`)
      used.add(key)
      return value
    })
  const lines = text.split('\n').flatMap((line) => {
    const filled = fill(line)
    return filled === '' && line !== '' ? [] : [filled]
  })
  const unused = Object.keys(values).filter((key) => !used.has(key))
  if (unused.length > 0) throw new Error(`${name}: nothing asks for ${unused.join(', ')}`)
  return lines.join('\n')
}
