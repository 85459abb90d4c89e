import { join } from 'node:path'
import type { Problem } from '../../base/index.ts'
import type { Handbook } from '../../environments/index.ts'
import type { Place, Procedure, Step } from '../../procedure/index.ts'
import { knowsFrontMatter, type Page } from '../page.ts'
import { makeProblem, violation } from '../rule.ts'
import { floatingPromise, types } from '../rules/tools.ts'
import { findEarlierSteps, listWholeSteps } from '../steps.ts'
import {
  checkReadings,
  checkValueNames,
  findKeyQuestions,
  findReadings,
  type KeysLookup,
  type Reading,
} from './bash-readings.ts'
import { type BlockModule, type TypedBlock, writeBlockModules } from './block-module.ts'
import type { Compiled, Compiler, Finding } from './compiler.ts'
import { checkRunnable } from './runnable.ts'
import { describeValue, findToolFiles, writeSharedScope } from './shared-scope.ts'
import { describeFinding } from './type-problem.ts'

/** Checks the types inside the ts blocks of pages, and that bash blocks read what ts blocks return. */
export async function checkTypes(
  pages: readonly Page[],
  handbook: Pick<Handbook, 'root' | 'file'>,
  compiler: Compiler,
): Promise<Problem[]> {
  const typed = pages.map(typeBlocks).filter(({ blocks }) => blocks.length > 0)
  if (typed.length === 0) return []
  const context = { root: handbook.root, shared: writeSharedScope(handbook.file, findToolFiles()), compiler }
  try {
    const { problems, broken } = await checkTogether(typed, context, false)
    // A syntax error may affect the blocks below it. So these pages are checked again, block by block.
    const again = await checkTogether(broken, context, true)
    const found = [...problems, ...again.problems]
    const steps = typed.flatMap(({ page, blocks }) => blocks.map(({ step }) => ({ path: page.path, step })))
    const isKnown = ({ file, line }: Problem) => found.some(other => other.file === file && other.line === line)
    return [...found, ...(await checkRunnable(steps, found)).filter(problem => !isKnown(problem))]
  } catch (error) {
    const message = `TypeScript could not be asked, so no ts block was checked: ${String(error)}`
    const hint = 'Install the packages again; the compiler is a native program'
    return [makeProblem(types, 'handbook.yaml', violation({ line: 1, column: 1 }, message, { hint }))]
  }
}

/** A page's ts blocks, and the readings of their values in its bash blocks. */
interface TypedPage {
  readonly page: Page
  readonly blocks: readonly TypedBlock[]
  readonly readings: readonly Reading[]
  readonly questions: readonly KeysLookup[]
}

interface Context {
  readonly root: string
  readonly shared: string
  readonly compiler: Compiler
}

async function checkTogether(
  typed: readonly TypedPage[],
  { root, shared, compiler }: Context,
  apart: boolean,
): Promise<{ readonly problems: Problem[]; readonly broken: readonly TypedPage[] }> {
  if (typed.length === 0) return { problems: [], broken: [] }
  const modules = new Map<string, { readonly module: BlockModule; readonly from: TypedPage }>()
  for (const from of typed) {
    for (const module of writeBlockModules(from.blocks, apart)) {
      modules.set(join(root, `${from.page.path}.${modules.size}.ts`), { module, from })
    }
  }
  const readings = typed.flatMap(({ readings }) => readings)
  const questions = typed.flatMap(({ questions }) => questions)
  const { findings, floating, broken, lacking } = await compiler.compile({
    files: new Map([...modules].map(([path, { module }]) => [path, module.text])),
    shared,
    lookups: [...readings.flatMap(({ sources }) => sources), ...questions],
  })
  const unclear = new Set(
    [...broken].flatMap(path => {
      const found = modules.get(path)
      return found && found.module.steps.length > 1 ? [found.from] : []
    }),
  )
  const problems = findings.flatMap(finding => {
    const found = modules.get(finding.file)
    if (!found || unclear.has(found.from) || isFloating(finding, floating)) return []
    const step = findStep(finding, found.module)
    return step
      ? [describeFinding({ ...finding, ...findPlace(finding, found.module, step) }, step, found.from.page.procedure)]
      : []
  })
  const unawaited = floating.flatMap(finding => {
    const found = modules.get(finding.file)
    if (!found || unclear.has(found.from)) return []
    const { path } = found.from.page
    const step = findStep(finding, found.module)
    const place = step ? findPlace(finding, found.module, step) : finding
    return [makeProblem(floatingPromise, path, violation(place, finding.message, { hint: finding.hint }))]
  })
  const clear = typed.filter(from => !unclear.has(from))
  const read = clear.flatMap(from => [
    ...checkReadings(from.readings, lacking),
    ...checkValueNames(from.questions, lacking),
  ])
  return { problems: [...problems, ...unawaited, ...read], broken: [...unclear] }
}

/** TypeScript itself reports some promises as conditions that are always true. They are reported only once. */
function isFloating({ file, line, column, code }: Finding, floating: Compiled['floating']): boolean {
  return code === 2801 && floating.some(one => one.file === file && one.line === line && one.column === column)
}

/** A page's ts blocks, each with its scope, such as the values of the steps before it. */
function typeBlocks(page: Page, index: number): TypedPage {
  const { procedure } = page
  const blocks: TypedBlock[] = []
  const values = new Map<string, string>()
  const suggestable = procedure.phases
    .filter(({ name }) => name === 'mitigate')
    .flatMap(phase => phase.steps.map(step => step.id))
  const params = knowsFrontMatter(procedure) ? procedure.params : undefined
  for (const step of listWholeSteps(procedure)) {
    if (step.block.language === 'bash') continue
    const name = `handbook$${index}_${blocks.length}`
    blocks.push({ step, name, scope: { params, suggestable, steps: typeSteps(procedure, step, values) } })
    values.set(step.id, describeValue(name))
  }
  return { page, blocks, readings: findReadings(page, values), questions: findKeyQuestions(page, values) }
}

function typeSteps(procedure: Procedure, step: Step, values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    findEarlierSteps(procedure, step).map(earlier => {
      const type = earlier.block.language === 'bash' ? 'Readonly<Record<string, string>>' : values.get(earlier.id)
      return [earlier.id, type ?? 'any'] as const
    }),
  )
}

/** The step with the block that holds a line, or stands above it. */
function findStep({ line }: Place, { steps }: BlockModule): Step | undefined {
  const above = steps.filter(({ block }) => block.fence.line <= line)
  return above.toSorted((a, b) => b.block.fence.line - a.block.fence.line)[0] ?? steps[0]
}

/** The place on the page. An error before or after the code, such as a missing bracket, is moved to the code's nearest end. */
function findPlace({ line, column }: Place, { inserted }: BlockModule, { block }: Step): Place {
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
