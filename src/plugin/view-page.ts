import { formatDuration, toVariable } from '../base/index.ts'
import type { Param, Procedure, Step } from '../procedure/index.ts'
import { type GuardContext, guardBash, runsInShell } from './guard-bash.ts'
import type { BlockView, PageView, ParamView, PhaseView, StepLink, StepView } from './view-types.ts'

/** What the handbook's file says that pages show. */
export type HandbookFacts = Pick<GuardContext, 'target' | 'secrets'>

/** What a procedure's page shows: its phases and steps, numbered in reading order, by the ids of their headings. */
export function viewPage(procedure: Procedure, facts: HandbookFacts): PageView {
  const phases = procedure.phases.toSorted((a, b) => a.line - b.line)
  const steps = phases.flatMap(phase => phase.steps)
  const numbers = new Map(
    phases.flatMap((phase, index) => phase.steps.map((step, place) => [step.id, `${index + 1}.${place + 1}`] as const)),
  )
  const link = (step: Step | undefined): StepLink | undefined =>
    step && { id: step.id, number: numbers.get(step.id) ?? '', title: step.title }
  const numberOf = (line: number) => phases.findIndex(phase => phase.line === line) + 1
  const phaseViews = new Map<string, PhaseView>()
  const { alerts } = procedure
  for (const { id, line, phase: name } of procedure.sections) {
    if (name) phaseViews.set(id, { name, number: numberOf(line), ...(name === 'diagnose' ? { alerts } : {}) })
  }
  const begins = procedure.phases.find(({ steps }) => steps.length > 0)?.title
  const escalate = procedure.sections.find(({ title }) => title === 'Escalate')
  return {
    card: {
      id: procedure.id,
      path: procedure.path,
      ...(procedure.area === undefined ? {} : { area: procedure.area }),
      params: procedure.params.map(viewParam),
      sections: procedure.sections
        .filter(({ title }) => title !== '')
        .map(({ id, title, line, phase }) => ({ id, title, ...(phase ? { number: numberOf(line) } : {}) })),
      steps: steps.flatMap(step => link(step) ?? []),
      folds: steps.some(isFolded),
      ...(escalate === undefined ? {} : { escalate: escalate.id }),
      hash: procedure.hash,
      ...(begins === undefined ? {} : { begins }),
    },
    phases: phaseViews,
    steps: new Map(
      steps.map(step => {
        const undoes = link(steps.find(({ id }) => id === step.undoes))
        const undoer = steps.find(({ undoes }) => undoes === step.id)
        const ways = { undoes, undoneBy: link(undoer), when: step.when ?? undoer?.when }
        return [step.id, viewStep(step, procedure.path, numbers.get(step.id) ?? '', ways)]
      }),
    ),
    blocks: new Map(steps.map(step => [step.id, viewBlock(step, procedure, steps, facts)])),
  }
}

function viewParam(param: Param): ParamView {
  const { name, type, values, description, label } = param
  return {
    name,
    variable: toVariable(name),
    type: values ? values.join(' | ') : type,
    ...(param.default === undefined ? {} : { default: String(param.default) }),
    ...(description === undefined ? {} : { description }),
    ...(label === undefined ? {} : { label }),
  }
}

/** The step that this step undoes, and the step that undoes it. */
interface Ways {
  readonly undoes: StepLink | undefined
  readonly undoneBy: StepLink | undefined
  readonly when: string | undefined
}

function viewStep(step: Step, path: string, number: string, { undoes, undoneBy, when }: Ways): StepView {
  const { id, phase, items, breaks, risk, temporary, irreversible, timeout, retries, every } = step
  return {
    path,
    id,
    number,
    risk,
    temporary,
    ...(phase === 'checks' ? { measures: { items, breaks } } : {}),
    ...(undoes ? { undoes } : {}),
    ...(undoneBy ? { undoneBy } : {}),
    ...(when === undefined ? {} : { when }),
    ...(irreversible === undefined ? {} : { irreversible }),
    ...(timeout === USUAL_TIMEOUT ? {} : { timeout: formatDuration(timeout) }),
    retries,
    every: formatDuration(every),
  }
}

/** What a step has that says nothing of it: to read it on every step tells nobody anything. */
const USUAL_TIMEOUT = 5 * 60_000

/** Of a step that only reads, a reader needs what one should see and what to do otherwise, and seldom how it looks. */
function isFolded({ risk }: Pick<Step, 'risk'>): boolean {
  return risk === 'read'
}

function viewBlock(
  { id, risk, block: { language, code, file } }: Step,
  { id: procedure, params }: Procedure,
  steps: readonly Step[],
  facts: HandbookFacts,
): BlockView {
  const command = `npx handbook run ${procedure} --step ${id}`
  const context = { command, params, steps, ...facts }
  const shell = language === 'bash' && runsInShell(code, context)
  return {
    language,
    copies: shell ? guardBash(code, context) : command,
    shell,
    ...(isFolded({ risk }) ? { folded: code.split('\n').length } : {}),
    ...(file === undefined ? {} : { file }),
  }
}
