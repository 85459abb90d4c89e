#!/usr/bin/env node
// The command as it is installed. It loads the command's bundle, which V8 compiled when it was built.
import { join } from 'node:path'
import { loadBundle } from './load-bundle.ts'

const { main } = loadBundle(join(__dirname, 'handbook-main.cjs')) as typeof import('./main.ts')
void main(process.argv.slice(2)).then(code => {
  process.exitCode = code
})
