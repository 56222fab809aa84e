#!/usr/bin/env -S node --import tsx
// The sources as they stand, without a build: for developers.
import {execute} from '@oclif/core'
import {commandLine} from '../src/lib/cli/command-line.ts'

await execute({development: true, dir: import.meta.url, args: commandLine(process.argv.slice(2))})
