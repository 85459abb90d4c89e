import { join } from 'node:path'
import type { Handbook, Problem } from '../../base/index.ts'
import type { Place, Procedure } from '../../procedure/index.ts'
import { findEarlierSteps } from '../earlier-steps.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import { listWholeSteps } from '../list-whole-steps.ts'
import { makeProblem } from '../rules.ts'
import { type BlockModule, writeBlockModule } from './block-module.ts'
import { compile, type Finding } from './compiler.ts'
import { describeValue, writeSharedScope } from './shared-scope.ts'
import { findToolFiles } from './tool-files.ts'
import { describeFinding } from './type-problem.ts'

/** Checks the types inside the ts blocks of pages. */
export async function checkTypes(procedures: readonly Procedure[], handbook: Handbook): Promise<Problem[]> {
  const modules = new Map<string, { readonly module: BlockModule; readonly procedure: Procedure }>()
  for (const [index, procedure] of procedures.entries()) {
    for (const module of writePage(procedure, index)) {
      modules.set(join(handbook.root, `${procedure.path}.${modules.size}.ts`), { module, procedure })
    }
  }
  if (modules.size === 0) return []
  const files = new Map([...modules].map(([path, { module }]) => [path, module.text]))
  const findings = await compileBlocks(files, handbook).catch((error: unknown) => String(error))
  if (typeof findings === 'string') {
    const message = `TypeScript could not be asked, so no ts block was checked: ${findings}`
    const hint = 'Install the packages again; the compiler is a native program'
    return [makeProblem('types', 'handbook.yaml', { line: 1, column: 1 }, message, { hint })]
  }
  return findings.flatMap(finding => {
    const found = modules.get(finding.file)
    if (!found) return []
    const place = findPlace(finding, found.module)
    return describeFinding({ ...finding, ...place }, found.module.step, found.procedure)
  })
}

async function compileBlocks(files: ReadonlyMap<string, string>, { root, file }: Handbook): Promise<Finding[]> {
  return compile(root, files, new Map([[`${root}/handbook-scope.d.ts`, writeSharedScope(file, findToolFiles())]]))
}

/** The modules of a page's ts blocks; a block knows the values of the steps that run before it. */
function writePage(procedure: Procedure, page: number): BlockModule[] {
  const modules: BlockModule[] = []
  const values = new Map<string, string>()
  const suggestable = procedure.phases
    .filter(({ name }) => name === 'mitigate')
    .flatMap(phase => phase.steps.map(step => step.id))
  const params = knowsFrontMatter(procedure) ? procedure.params : undefined
  for (const step of listWholeSteps(procedure)) {
    if (step.block.language === 'bash') {
      values.set(step.id, 'Readonly<Record<string, string>>')
      continue
    }
    const name = `handbook$${page}_${modules.length}`
    const steps = new Map(findEarlierSteps(procedure, step).map(({ id }) => [id, values.get(id) ?? 'any']))
    modules.push(writeBlockModule(step, name, { params, suggestable, steps }))
    values.set(step.id, describeValue(name))
  }
  return modules
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
