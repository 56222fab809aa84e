import {generateFromPackageSummary} from '@mysten/codegen'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {format} from 'prettier'
import type {Compiled} from './compile.ts'
import {readFolder, type FileMap} from './files.ts'
import type {ModuleSource} from './sources.ts'
import {summarise} from './summaries.ts'

/** The name under which bindings know the package; a client or a caller puts the real id in its place. */
export const LOCAL_PACKAGE = '@local-pkg/daas'

const ZERO = `0x${'0'.repeat(64)}`

/**
 * Generates the TypeScript bindings of the package with @mysten/codegen.
 * @param daas the compiled package
 * @param framework what it links against, by address
 * @param sources its sources, by module
 * @returns files relative to src/lib/contracts/generated
 */
export async function generateBindings(
  daas: Compiled,
  framework: ReadonlyMap<string, Compiled>,
  sources: ReadonlyMap<string, ModuleSource>,
): Promise<FileMap> {
  const work = mkdtempSync(join(tmpdir(), 'daas-bindings-'))
  try {
    const input = join(work, 'in')
    const output = join(work, 'out')
    for (const [name, bytes] of daas.modules) writeSummary(input, summarise(bytes, sources.get(name)))
    for (const compiled of framework.values()) {
      for (const bytes of compiled.modules.values()) writeSummary(input, summarise(bytes))
    }
    writeFileSync(join(input, 'address_mapping.json'), '{}')
    writeFileSync(join(input, 'root_package_metadata.json'), JSON.stringify({root_package_id: ZERO}))
    await generateFromPackageSummary({
      package: {package: LOCAL_PACKAGE, packageName: 'daas', path: input} as never,
      prune: true,
      outputDir: output,
      importExtension: '.ts',
    })
    return renameDependencies(readFolder(output))
  } finally {
    rmSync(work, {recursive: true, force: true})
  }
}

/** The codes and names of all aborts, as a TypeScript table. */
export async function generateAborts(sources: ReadonlyMap<string, ModuleSource>): Promise<string> {
  const rows = [...sources.values()]
    .sort((a, b) => (a.module < b.module ? -1 : 1))
    .flatMap(({module, aborts}) => aborts.map((abort) => ({module, ...abort})))
    .map(
      ({module, code, name, sentence, next}) =>
        `{module: ${quote(module)}, code: ${code}n, name: ${quote(name)}, sentence: ${quote(sentence)}, next: ${quote(next)}},`,
    )
  const text = `/* Generated from move/daas/sources by npm run move:build. */

/** Every abort code of the package: where, which, what is wrong and what to do. */
export const ABORTS = [
${rows.join('\n')}
] as const\n`
  return format(text, {parser: 'typescript', semi: false, singleQuote: true, bracketSpacing: false, printWidth: 110})
}

function quote(text: string): string {
  return JSON.stringify(text)
}

function writeSummary(folder: string, summary: {id: {address: string; name: string}}): void {
  mkdirSync(join(folder, summary.id.address), {recursive: true})
  writeFileSync(join(folder, summary.id.address, `${summary.id.name}.json`), JSON.stringify(summary))
}

/** Folders named by 64 digits become 0x1 and 0x2. */
function renameDependencies(files: FileMap): FileMap {
  const renamed: FileMap = new Map()
  for (const [path, bytes] of files) {
    const text = new TextDecoder().decode(bytes).replaceAll(/deps\/0x0*([12])\//g, 'deps/0x$1/')
    renamed.set(path.replace(/deps\/0x0*([12])\//, 'deps/0x$1/'), new TextEncoder().encode(text))
  }
  return renamed
}
