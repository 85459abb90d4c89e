import type { Problem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { HANDBOOK_FILE } from '../environments/pure.ts'
import { listPages } from './list-pages.ts'
import { readFileOrProblem } from './read-file-or-problem.ts'

/** A handbook, or the problems of its `handbook.yaml`. */
export type HandbookResult = { readonly handbook: Handbook } | { readonly problems: readonly Problem[] }

/** Reads `handbook.yaml` in a folder, and lists its pages. It never throws for a mistake of an author. */
export async function readHandbook(root: string): Promise<HandbookResult> {
  const found = await readFileOrProblem(root, HANDBOOK_FILE, 'handbook-file')
  if (found.problem) return { problems: [found.problem] }
  if (found.text === undefined) return { problems: [missing] }
  const { parseHandbookFile } = await import('../environments/index.ts')
  const result = parseHandbookFile(found.text)
  if ('problems' in result) return result
  return { handbook: { root, file: result.file, pages: await listPages(root, result.file.pages) } }
}

const missing: Problem = {
  file: HANDBOOK_FILE,
  line: 1,
  column: 1,
  rule: 'handbook-file',
  severity: 'error',
  message: 'There is no handbook.yaml',
  hint: 'Write one: url: and where the handbook is published are enough to begin with',
}

/** A folder without a `handbook.yaml`, as a handbook. It knows only its pages, if any, and their URL. */
export async function bareHandbook(
  root: string,
  {
    url = 'https://handbook.invalid',
    pages = [],
    runbookAnnotation,
  }: {
    readonly url?: string | undefined
    readonly pages?: string[]
    readonly runbookAnnotation?: string | undefined
  } = {},
): Promise<Handbook> {
  const { handbookFileSchema } = await import('../environments/index.ts')
  return {
    root,
    file: handbookFileSchema.parse({ url, pages, runbookAnnotation }),
    pages: await listPages(root, pages),
  }
}
