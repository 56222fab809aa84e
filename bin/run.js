#!/usr/bin/env node
// Only what every Node can parse stands before the check.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const supported = (major === 22 && minor >= 22) || (major === 24 && minor >= 15) || major >= 26
if (!supported) {
  process.stderr.write(
    `daas needs Node 22.22, 24.15 or 26 and newer, and this is ${process.version}: install Node 24 (https://nodejs.org).\n`,
  )
  process.exit(2)
}

// `daas … --json | head -1` closes the pipe early: that is no failure of ours.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

// Before everything else, as only what is loaded after this is kept.
const {keepCompiled} = await import('../dist/lib/cli/compile-cache.js')
keepCompiled()

const {commandLine} = await import('../dist/lib/cli/command-line.js')
const {execute} = await import('@oclif/core')
await execute({dir: import.meta.url, args: commandLine(process.argv.slice(2))})
