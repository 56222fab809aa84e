/**
 * Compiles move/framework and move/daas into move/build and generates src/lib/contracts/generated and a part of
 * docs/contracts.md. With --check, compares instead of writing and exits 1 when what is committed is stale.
 */
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {generateAborts, generateBindings} from './move/bindings.ts'
import {
  bytecodeFiles,
  compileFramework,
  compilePackage,
  compilerVersion,
  type Compiled,
} from './move/compile.ts'
import {withGeneratedPart} from './move/docs.ts'
import {differences, readFolder, readTexts, writeFolder, type FileMap} from './move/files.ts'
import {parseSource, type ModuleSource} from './move/sources.ts'

const root = join(import.meta.dirname, '..')
const framework = join(root, 'move/framework')
const encoder = new TextEncoder()

function describe(compiled: Compiled) {
  return {
    digest: compiled.digest,
    dependencies: compiled.dependencies,
    modules: [...compiled.modules].map(([name, bytes]) => ({name, bytes: bytes.length})),
  }
}

async function build(sources: ReadonlyMap<string, ModuleSource>): Promise<Map<string, FileMap>> {
  const packages = await compileFramework(framework)
  const daas = await compilePackage(join(root, 'move/daas'), framework)
  const bytecode: FileMap = new Map()
  for (const [address, compiled] of packages) {
    for (const [path, bytes] of bytecodeFiles(`framework/${address}`, compiled)) bytecode.set(path, bytes)
  }
  for (const [path, bytes] of bytecodeFiles('daas', daas)) bytecode.set(path, bytes)
  const manifest = {
    compiler: await compilerVersion(),
    daas: describe(daas),
    framework: Object.fromEntries([...packages].map(([address, compiled]) => [address, describe(compiled)])),
  }
  bytecode.set('manifest.json', encoder.encode(`${JSON.stringify(manifest, undefined, 2)}\n`))

  const bindings = await generateBindings(daas, packages, sources)
  bindings.set('aborts.ts', encoder.encode(await generateAborts(sources)))
  return new Map([
    ['move/build', bytecode],
    ['src/lib/contracts/generated', bindings],
  ])
}

function readSources(): Map<string, ModuleSource> {
  const parsed = Object.values(readTexts(join(root, 'move/daas/sources'))).map((text) => parseSource(text))
  return new Map(parsed.map((source) => [source.module, source]))
}

const check = process.argv.includes('--check')
const stale: string[] = []
const sources = readSources()
const built = await build(sources)
for (const [folder, files] of built) {
  const changed = differences(files, readFolder(join(root, folder)))
  stale.push(...changed.map((path) => `${folder}/${path}`))
  if (!check) writeFolder(join(root, folder), files)
}

const document = join(root, 'docs/contracts.md')
const before = readFileSync(document, 'utf8')
const bytecode = [...built.get('move/build')!]
  .filter(([path]) => path.startsWith('daas/'))
  .map(([, bytes]) => bytes)
const after = withGeneratedPart(before, sources, bytecode)
if (after !== before) stale.push('docs/contracts.md')
if (!check) writeFileSync(document, after)

for (const path of stale) console.error(check ? `stale: ${path} (npm run move:build)` : `wrote ${path}`)
if (check && stale.length > 0) process.exitCode = 1
