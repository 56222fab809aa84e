import assert from 'node:assert/strict'
import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {compilePackage, type Compiled} from '../../scripts/move/compile.ts'

const MOVE = join(import.meta.dirname, '../../move')

/** Compiles the contracts as the next release has them: with another VERSION, and a mark of its own. */
export async function compileNextRelease(): Promise<Compiled> {
  const folder = await mkdtemp(join(tmpdir(), 'daas-upgrade-'))
  try {
    await cp(join(MOVE, 'daas'), folder, {recursive: true})
    const path = join(folder, 'sources/version.move')
    const before = await readFile(path, 'utf8')
    const version = Number(/const VERSION: u64 = (\d+);/.exec(before)?.[1])
    assert.ok(version > 0)
    const [now, next] = [`V${version}`, `V${version + 1}`]
    const mark = `public struct ${now} has drop {}`
    assert.ok(before.includes(mark))
    const after = before
      .replace(`VERSION: u64 = ${version};`, `VERSION: u64 = ${version + 1};`)
      .replace(`defining_id<${now}>`, `defining_id<${next}>`)
      .replace(mark, `${mark}\n\n/// Marks it.\npublic struct ${next} has drop {}`)
    await writeFile(path, after)
    return await compilePackage(folder, join(MOVE, 'framework'))
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

/** Writes a compiled package as `npm run move:build` does, for `daas cluster upgrade --build`. */
export async function writeBuild(folder: string, {modules, dependencies, digest}: Compiled): Promise<void> {
  await mkdir(join(folder, 'daas'), {recursive: true})
  const names = [...modules].map(([name, code]) => ({name, bytes: code.length}))
  for (const [name, code] of modules) await writeFile(join(folder, 'daas', `${name}.mv`), code)
  const manifest = {compiler: 'test', daas: {digest, dependencies, modules: names}, framework: {}}
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
}
