import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Executor, startLocalExecutor } from '../execute/index.ts'
import { inheritVariables } from '../operate/index.ts'
import { BUNDLES } from './paths.ts'

/**
 * Starts the process that runs the first block before anything else is loaded, when the arguments of `handbook run` name a page that has
 * any. The first step waits longest for this process. This is only a guess: the command itself starts a process when none was started here, and
 * reports what is wrong with the page.
 */
export function startEarly(args: readonly string[]): Executor | undefined {
  if (args.some(word => ['--dry-run', '--help', '-h'].includes(word))) return undefined
  const page = args.find(word => !word.startsWith('-'))
  if (page === undefined || !/^[\w./-]+$/.test(page)) return undefined
  const text = read(/\.mdx?$/.test(page) ? page : join('runbooks', `${page}.md`))
  const language = guessLanguage(text)
  if (language === undefined) return undefined
  const worker = startLocalExecutor(join(BUNDLES, 'worker.cjs'), inheritVariables(process.env, BUNDLES))
  worker.warm(language)
  return worker
}

/** The language of a page's blocks whose process takes longest to start, however they are nested; nothing where there seems to be none. */
export function guessLanguage(text: string): 'ts' | 'bash' | undefined {
  if (/^.{0,9}(?:`{3}|~{3})[`~]*ts\b/m.test(text)) return 'ts'
  return /^.{0,9}(?:`{3}|~{3})[`~]*bash\b/m.test(text) ? 'bash' : undefined
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
