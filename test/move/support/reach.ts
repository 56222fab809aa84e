import {readFileSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import ts from 'typescript'

/** One declaration of a source, as far as names go. */
interface Declaration {
  readonly text: string
}

interface Source {
  /** Local name to the file and the name there; `*` for a whole module. */
  readonly imports: Map<string, {file: string; name: string}>
  /** Files that are imported when they are needed. */
  readonly later: Set<string>
  readonly declarations: Map<string, Declaration>
}

/**
 * Which exports of which files something leads to: every declaration of the roots, all that these name, and so on.
 * Names are compared, not types: what is found is called in all likelihood, what is not found is not called.
 * @param roots absolute paths of TypeScript sources
 * @returns `<file>#<name>`
 */
export function reachedFrom(roots: readonly string[]): Set<string> {
  const sources = new Map<string, Source>()
  const sourceOf = (file: string): Source => {
    const known = sources.get(file) ?? parse(file)
    sources.set(file, known)
    return known
  }
  const reached = new Set<string>()
  const open = roots.flatMap((file) => [...sourceOf(file).declarations.keys()].map((name) => ({file, name})))
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const {file, name} = next
    const key = `${file}#${name}`
    if (reached.has(key)) continue
    const source = sourceOf(file)
    const declaration = source.declarations.get(name)
    const passedOn = source.imports.get(name)
    if (declaration === undefined && passedOn === undefined) continue
    reached.add(key)
    if (declaration === undefined) {
      open.push(passedOn!)
      continue
    }
    const words = new Set(declaration.text.match(/\w+/g))
    for (const word of words) {
      if (word !== name && source.declarations.has(word)) open.push({file, name: word})
      const imported = source.imports.get(word)
      if (imported?.name === '*') {
        const members = declaration.text.matchAll(new RegExp(String.raw`\b${word}\s*\.\s*(\w+)`, 'g'))
        open.push(...[...members].map(([, member = '']) => ({file: imported.file, name: member})))
      } else if (imported !== undefined) open.push(imported)
      for (const each of source.later) open.push({file: each, name: word})
    }
  }
  return reached
}

function parse(file: string): Source {
  const text = readFileSync(file, 'utf8')
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const imports = new Map<string, {file: string; name: string}>()
  const declarations = new Map<string, Declaration>()
  const add = (name: string, node: ts.Node): void => {
    declarations.set(name, {text: `${declarations.get(name)?.text ?? ''}\n${node.getText()}`})
  }
  for (const node of tree.statements) {
    const from = fileOf(file, node)
    if (ts.isImportDeclaration(node) && from !== undefined) {
      const {name, namedBindings} = node.importClause ?? {}
      if (name) imports.set(name.text, {file: from, name: 'default'})
      if (namedBindings && ts.isNamespaceImport(namedBindings)) imports.set(namedBindings.name.text, {file: from, name: '*'})
      else for (const each of namedBindings?.elements ?? []) imports.set(each.name.text, {file: from, name: exported(each)})
    } else if (ts.isExportDeclaration(node) && from !== undefined && node.exportClause) {
      if (!ts.isNamedExports(node.exportClause)) continue
      for (const each of node.exportClause.elements) imports.set(each.name.text, {file: from, name: exported(each)})
    } else if (ts.isVariableStatement(node)) {
      for (const {name} of node.declarationList.declarations) {
        for (const each of name.getText().match(/\w+/g) ?? []) add(each, node)
      }
    } else if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) add(node.name?.text ?? 'default', node)
    else if (!ts.isImportDeclaration(node)) add('', node)
  }
  const later = new Set([...text.matchAll(/import\('(\.[^']+)'\)/g)].map(([, path = '']) => resolve(dirname(file), path)))
  return {imports, later, declarations}
}

function exported({name, propertyName}: ts.ImportSpecifier | ts.ExportSpecifier): string {
  return (propertyName ?? name).text
}

function fileOf(from: string, node: ts.Node): string | undefined {
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined
  const {moduleSpecifier: path} = node
  if (!path || !ts.isStringLiteral(path) || !path.text.startsWith('.')) return undefined
  return join(dirname(from), path.text)
}
