#!/usr/bin/env node
// The kubectl plugin: `kubectl daas status` is `daas status`.
import './run.js'
