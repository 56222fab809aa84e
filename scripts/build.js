// Compiles src to dist. Plain JavaScript: it runs before anything is built.
import {spawnSync} from 'node:child_process'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']
process.exitCode = spawnSync(process.execPath, tsc, {cwd: root, stdio: 'inherit'}).status ?? 1
