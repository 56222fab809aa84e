/**
 * Compiles move/framework and move/daas into move/build. With --check, compares instead of writing and
 * exits 1 when what is committed is stale.
 */
import {join} from 'node:path'
import {bytecodeFiles, compileFramework, compilePackage, compilerVersion, type Compiled} from './move/compile.ts'
import {differences, readFolder, writeFolder, type FileMap} from './move/files.ts'

const root = join(import.meta.dirname, '..')
const framework = join(root, 'move/framework')

function describe(compiled: Compiled) {
  return {
    digest: compiled.digest,
    dependencies: compiled.dependencies,
    modules: [...compiled.modules].map(([name, bytes]) => ({name, bytes: bytes.length})),
  }
}

async function build(): Promise<FileMap> {
  const packages = await compileFramework(framework)
  const daas = await compilePackage(join(root, 'move/daas'), framework)
  const files: FileMap = new Map()
  for (const [address, compiled] of packages) {
    for (const [path, bytes] of bytecodeFiles(`framework/${address}`, compiled)) files.set(path, bytes)
  }
  for (const [path, bytes] of bytecodeFiles('daas', daas)) files.set(path, bytes)
  const manifest = {
    compiler: await compilerVersion(),
    daas: describe(daas),
    framework: Object.fromEntries([...packages].map(([address, compiled]) => [address, describe(compiled)])),
  }
  files.set('manifest.json', new TextEncoder().encode(`${JSON.stringify(manifest, undefined, 2)}\n`))
  return files
}

const folder = join(root, 'move/build')
const built = await build()
if (process.argv.includes('--check')) {
  const stale = differences(built, readFolder(folder))
  for (const path of stale) console.error(`stale: move/build/${path}`)
  if (stale.length > 0) process.exitCode = 1
} else {
  writeFolder(folder, built)
}
