import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RunWorld } from '../../operate/index.ts'
import { inventValues, type Request } from './invent-values.ts'

type Executor = NonNullable<RunWorld['executor']>

/** Has an executor run blocks so that all that they hand over is in this folder, that they have every value which they read, and wait briefly. */
export function prepareBlocks(executor: Executor, folder: string): Executor {
  const evidenceFolder = join(folder, 'evidence')
  mkdirSync(evidenceFolder)
  return {
    ...executor,
    open: (_, name) => executor.open(folder, name),
    run: (request, listener) =>
      executor.run({ ...request, ...inventValues(request), code: hurry(request), evidenceFolder }, listener),
  }
}

/** Whoever waits for what cannot come gives up after seconds, not minutes; in bash, where nobody sleeps, after a few looks. */
function hurry({ language, code }: Request): string {
  if (language === 'ts') return code.replace(/\btimeout: '\d+[smh]'/g, "timeout: '2s'")
  return /\bsleep\b/.test(code) ? code.replace(/\{1\.\.\d+\}|\$\(seq \d+\)/g, '{1..3}') : code
}
