import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { Problem } from '../base/index.ts'
import { describeIssue, findIssueOffset } from '../base/index.ts'
import { type HandbookFile, handbookFileSchema } from './handbook-file.ts'

const FILE = 'handbook.yaml'

/** A handbook: its folder, what its `handbook.yaml` says, and the pages in it. */
export interface Handbook {
  readonly root: string
  readonly file: HandbookFile
  /** Paths of its `.md` and `.mdx` files, relative to the root, with forward slashes, sorted. */
  readonly pages: readonly string[]
}

/** A handbook, or what is wrong with its `handbook.yaml`. */
export type HandbookResult = { readonly handbook: Handbook } | { readonly problems: readonly Problem[] }

/** The nearest folder at or above `cwd` that has a `handbook.yaml`. */
export async function findHandbookRoot(cwd: string): Promise<string | undefined> {
  const names = await readdir(cwd).catch((): string[] => [])
  if (names.includes(FILE)) return cwd
  const above = dirname(cwd)
  return above === cwd ? undefined : findHandbookRoot(above)
}

/** Reads the handbook in a folder that has a `handbook.yaml`. */
export async function readHandbook(root: string): Promise<HandbookResult> {
  const result = parseHandbookFile(await readFile(join(root, FILE), 'utf8'))
  if ('problems' in result) return result
  const pages = await Promise.all(result.file.pages.map(folder => listPages(root, folder)))
  return { handbook: { root, file: result.file, pages: pages.flat().sort() } }
}

/** Reads the text of a `handbook.yaml`; wrong keys and values are named at their own place. */
export function parseHandbookFile(text: string): { file: HandbookFile } | { problems: Problem[] } {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  const problem = (offset: number, message: string): Problem => {
    const { line, col } = counter.linePos(offset)
    return { file: FILE, line, column: col, rule: 'handbook-file', severity: 'error', message }
  }
  if (document.errors.length > 0) {
    return { problems: document.errors.map(({ pos, message }) => problem(pos[0], message)) }
  }
  let raw: unknown
  try {
    raw = document.toJS()
  } catch (error) {
    // An alias without an anchor, or with far too many of them.
    return { problems: [problem(0, error instanceof Error ? error.message : String(error))] }
  }
  const result = handbookFileSchema.safeParse(raw, { error: describeIssue })
  if (result.success) return { file: result.data }
  return {
    problems: result.error.issues.map(issue => {
      const path = issue.path.length === 0 ? '' : `${issue.path.join(' › ')}: `
      return problem(findIssueOffset(document, issue), `${path}${issue.message}`)
    }),
  }
}

/** The `.md` and `.mdx` files of a folder, however deep, relative to the root, with forward slashes. */
export async function listPages(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile() && /\.mdx?$/.test(entry.name) && !entry.name.startsWith('_'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}
