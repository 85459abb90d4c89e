import { join } from 'node:path'
import type { Handbook, Problem } from '../../base/index.ts'
import type { Place, Procedure } from '../../procedure/index.ts'
import { findEarlierSteps } from '../earlier-steps.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import { listWholeSteps } from '../list-whole-steps.ts'
import type { Page } from '../page.ts'
import { makeProblem } from '../rules.ts'
import { checkReadings, findReadings, type Reading } from './bash-readings.ts'
import { type BlockModule, writeBlockModule } from './block-module.ts'
import { type Compiled, compile, type Finding } from './compiler.ts'
import { describeValue, writeSharedScope } from './shared-scope.ts'
import { findToolFiles } from './tool-files.ts'
import { describeFinding } from './type-problem.ts'

/** Checks the types inside the ts blocks of pages, and that bash blocks read what ts blocks return. */
export async function checkTypes(pages: readonly Page[], handbook: Handbook): Promise<Problem[]> {
  const modules = new Map<string, { readonly module: BlockModule; readonly page: Page }>()
  const readings: Reading[] = []
  for (const [index, page] of pages.entries()) {
    const written = writePage(page.procedure, index)
    for (const module of written.modules) {
      modules.set(join(handbook.root, `${page.path}.${modules.size}.ts`), { module, page })
    }
    readings.push(...findReadings(page, written.values))
  }
  if (modules.size === 0) return []
  const compiled = await compileBlocks(modules, readings, handbook).catch((error: unknown) => String(error))
  if (typeof compiled === 'string') {
    const message = `TypeScript could not be asked, so no ts block was checked: ${compiled}`
    const hint = 'Install the packages again; the compiler is a native program'
    return [makeProblem('types', 'handbook.yaml', { line: 1, column: 1 }, message, { hint })]
  }
  const problems = compiled.findings.flatMap(finding => {
    const found = modules.get(finding.file)
    if (!found) return []
    const place = findPlace(finding, found.module)
    return describeFinding({ ...finding, ...place }, found.module.step, found.page.procedure)
  })
  return [...problems, ...checkReadings(readings, compiled.keys)]
}

async function compileBlocks(
  modules: ReadonlyMap<string, { readonly module: BlockModule }>,
  readings: readonly Reading[],
  { root, file }: Handbook,
): Promise<Compiled> {
  return compile({
    root,
    files: new Map([...modules].map(([path, { module }]) => [path, module.text])),
    shared: writeSharedScope(file, findToolFiles()),
    types: [...new Set(readings.flatMap(({ sources }) => sources.map(({ type }) => type)))],
  })
}

/** The modules of a page's ts blocks, and the types of their values by the steps' ids; a block knows those of the steps before it. */
function writePage(
  procedure: Procedure,
  page: number,
): { readonly modules: readonly BlockModule[]; readonly values: ReadonlyMap<string, string> } {
  const modules: BlockModule[] = []
  const values = new Map<string, string>()
  const suggestable = procedure.phases
    .filter(({ name }) => name === 'mitigate')
    .flatMap(phase => phase.steps.map(step => step.id))
  const params = knowsFrontMatter(procedure) ? procedure.params : undefined
  for (const step of listWholeSteps(procedure)) {
    if (step.block.language === 'bash') continue
    const name = `handbook$${page}_${modules.length}`
    const steps = findEarlierSteps(procedure, step).map(earlier => {
      const type = earlier.block.language === 'bash' ? 'Readonly<Record<string, string>>' : values.get(earlier.id)
      return [earlier.id, type ?? 'any'] as const
    })
    modules.push(writeBlockModule(step, name, { params, suggestable, steps: new Map(steps) }))
    values.set(step.id, describeValue(name))
  }
  return { modules, values }
}

/** The place on the page: what is found before or after the code, such as a missing bracket, stands at the code's nearest end. */
function findPlace({ line, column }: Finding, { step, inserted }: BlockModule): Place {
  const { block } = step
  const first = block.lines[0] ?? block.fence
  const last = block.lines.at(-1) ?? block.fence
  if (line < first.line) return first
  if (line > last.line) {
    const length = block.code.length - block.code.lastIndexOf('\n') - 1
    return { line: last.line, column: last.column + length }
  }
  if (inserted?.line !== line || column < inserted.column) return { line, column }
  return { line, column: Math.max(inserted.column, column - inserted.length) }
}
