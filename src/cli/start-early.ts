import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Executor, startLocalExecutor } from '../execute/index.ts'
import { inheritVariables } from '../operate/index.ts'
import { BUNDLES } from './paths.ts'

/**
 * Starts the process for ts blocks before anything else is loaded, when the arguments of `handbook run` name a page that has any. The
 * first step waits longest for this process. This is only a guess: the command itself starts a process when none was started here, and
 * reports what is wrong with the page.
 */
export function startEarly(args: readonly string[]): Executor | undefined {
  if (args.some(word => ['--dry-run', '--help', '-h'].includes(word))) return undefined
  const page = args.find(word => !word.startsWith('-'))
  if (page === undefined || !/^[\w./-]+$/.test(page)) return undefined
  const text = read(/\.mdx?$/.test(page) ? page : join('runbooks', `${page}.md`))
  if (!hasTypeScript(text)) return undefined
  const worker = startLocalExecutor(join(BUNDLES, 'worker.cjs'), inheritVariables(process.env, BUNDLES))
  worker.warm()
  return worker
}

/** Whether a page seems to have a ts block, however it is nested. */
export function hasTypeScript(text: string): boolean {
  return /^.{0,9}(?:`{3}|~{3})[`~]*ts\b/m.test(text)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
