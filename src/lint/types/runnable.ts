import { SourceMap } from 'node:module'
import { Script } from 'node:vm'
import { findScriptPlace, makeImportsDynamic, type Problem } from '../../base/index.ts'
import type { Step } from '../../procedure/index.ts'
import { makeProblem, violation } from '../rule.ts'
import { types } from '../rules/tools.ts'

/** A step of a page. */
interface PlacedStep {
  readonly path: string
  readonly step: Step
}

/** The ts blocks that are right as TypeScript, and that Node.js cannot run all the same: each is compiled as a run does it, and not run. */
export async function checkRunnable(steps: readonly PlacedStep[], found: readonly Problem[]): Promise<Problem[]> {
  const { transformSync } = await import('oxc-transform')
  return steps.flatMap(({ path, step: { block } }) => {
    const source = `${HEAD}${makeImportsDynamic(block.code)}${TAIL}`
    const { code, map, errors } = transformSync(NAME, source, { sourcemap: true, lang: 'ts' })
    const [wrong] = errors
    if (wrong) {
      // TypeScript may name another place of the same mistake.
      const last = block.lines.at(-1)?.line ?? block.fence.line
      if (found.some(({ file, line }) => file === path && line >= block.fence.line && line <= last + 1)) return []
      // The compiler counts bytes of UTF-8.
      const before = Buffer.from(source)
        .toString('utf8', 0, wrong.labels[0]?.start ?? 0)
        .split('\n')
      const line = block.lines[before.length - 2]
      const place = line && { line: line.line, column: line.column + (before.at(-1) ?? '').length }
      return [report(path, place ?? block.lines[0] ?? block.fence, wrong.message)]
    }
    try {
      new Script(code, { filename: NAME })
      return []
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const found = findScriptPlace(error.stack ?? '', NAME)
      const entry =
        map && found && new SourceMap(JSON.parse(JSON.stringify(map))).findEntry(found.line - 1, found.column - 1)
      const original = entry && 'originalLine' in entry ? entry : undefined
      const line = original && block.lines[original.originalLine - 1]
      const place = line && { line: line.line, column: line.column + original.originalColumn }
      return [report(path, place ?? block.lines[0] ?? block.fence, error.message)]
    }
  })
}

const NAME = 'handbook:block.ts'
const HEAD = '(async () => {\n'
const TAIL = '\n})'

function report(path: string, place: { readonly line: number; readonly column: number }, why: string): Problem {
  const hint = 'Write it in another way: types are stripped, and the rest is run as it is'
  return makeProblem(types, path, violation(place, `Node.js ${process.version} cannot run this: ${why}`, { hint }))
}
