import { handbookFileSchema } from '../../../src/environments/index.ts'
import { lintHandbook } from '../../../src/lint/index.ts'
import { parseProcedure } from '../../../src/procedure/index.ts'
import type { SeededPage } from './seeded-page.ts'

/** What came of checking generated pages. */
export interface FuzzResult {
  readonly planted: number
  /** Defects that nothing reported at their line, each with its page. */
  readonly missed: readonly { readonly rule: string; readonly line: number; readonly text: string }[]
  /** The longest that reading one page kept a processor, in milliseconds, and that page. */
  readonly slowest: { readonly time: number; readonly text: string }
}

/** Checks generated pages as a handbook in `root`, and looks for what was planted in them. Throws when a page brings the check down. */
export async function checkGenerated(pages: readonly SeededPage[], root: string): Promise<FuzzResult> {
  const texts = new Map(pages.map(({ text }, index) => [`runbooks/page-${index}.md`, text]))
  let slowest = { time: 0, text: '' }
  for (const [path, text] of texts) {
    const begun = process.cpuUsage()
    parseProcedure(text, path)
    const { user, system } = process.cpuUsage(begun)
    const time = Math.round((user + system) / 1000)
    if (time > slowest.time) slowest = { time, text }
  }
  const { problems } = await lintHandbook({
    handbook: { root, file: handbookFileSchema.parse({ url: 'https://handbook.example' }), pages: [...texts.keys()] },
    readText: async path => texts.get(path),
    rules: { rules: [], problems: [] },
    faults: [],
    today: '2026-11-22',
  })
  const found = new Set(problems.map(({ file, rule, line }) => `${file} ${rule} ${line}`))
  const missed = pages.flatMap(({ text, planted }, index) => {
    const file = `runbooks/page-${index}.md`
    return planted.flatMap(({ rule, line }) => (found.has(`${file} ${rule} ${line}`) ? [] : [{ rule, line, text }]))
  })
  return { planted: pages.flatMap(({ planted }) => planted).length, missed, slowest }
}
