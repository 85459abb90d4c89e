import type { HandbookFile } from '../../environments/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { findWaiver, judge } from './judge.ts'
import type { ProvenInputs } from './prove-inputs.ts'
import { listInputs } from './step-inputs.ts'
import { TAKINGS, type Taking } from './takings.ts'
import type { TriedStep } from './try-page.ts'

/** The steps of a page, tried in one way. */
export interface TriedPage {
  readonly page: Procedure
  readonly taking: Taking
  readonly steps: readonly TriedStep[]
}

/** One step, by the way in which it was tried. */
interface TriedWays {
  readonly name: string
  readonly page: Procedure
  readonly ways: ReadonlyMap<string, TriedStep>
}

/** What was found of all these tries. */
export function sumUp(
  results: readonly TriedPage[],
  file: HandbookFile,
): Omit<ProvenInputs, 'pages' | 'steps' | 'notTried' | 'uncontained'> {
  const today = new Date().toISOString().slice(0, 10)
  const steps = gather(results)
  const byCode = steps.filter(judgesByCode)
  const words = steps
    .filter(step => !byCode.includes(step))
    .flatMap(({ page, ways }) =>
      TAKINGS.flatMap(({ id: taking, says }) => {
        const tried = ways.get(taking)
        const said = tried && judge(tried, page)
        if (tried === undefined || said === undefined) return []
        const { step, title, line } = tried
        const word = { file: page.path, line, step, title, taking, message: `${said} when ${says}` }
        return [{ word, reason: findWaiver(page, step, today) }]
      }),
    )
  const found = words.flatMap(({ word, reason }) => (reason === undefined ? [word] : []))
  const timedOut = steps.flatMap(({ name, ways }) =>
    [...ways].flatMap(([taking, { status }]) => (status === 'timed-out' ? [`${name} ${taking}`] : [])),
  )
  return {
    notJudged: steps.flatMap(step => (isJudged(step, file) ? [] : [step.name])).toSorted(),
    byCode: byCode.map(({ name }) => name).toSorted(),
    timedOut: timedOut.toSorted(),
    ways: TAKINGS.map(({ id, says }) => ({
      id,
      says,
      tried: steps.filter(({ ways }) => ways.has(id)).length,
      false: found.filter(({ taking }) => taking === id).length,
    })),
    found: found.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line),
    waived: words.flatMap(({ word, reason }) => (reason === undefined ? [] : [{ ...word, reason }])),
  }
}

function gather(results: readonly TriedPage[]): readonly TriedWays[] {
  const steps = new Map<string, { name: string; page: Procedure; ways: Map<string, TriedStep> }>()
  for (const { page, taking, steps: tried } of results)
    for (const one of tried) {
      const name = `${page.path}#${one.step}`
      const step = steps.get(name) ?? { name, page, ways: new Map<string, TriedStep>() }
      steps.set(name, step)
      step.ways.set(taking.id, one)
    }
  for (const { ways } of steps.values()) settleMissing(ways)
  return [...steps.values()]
}

/** What is not there cannot tell that it was asked. Until a step asks, that is the same as where all refuses: there it is told. */
function settleMissing(ways: Map<string, TriedStep>): void {
  const missing = ways.get('missing')
  if (missing?.asked === undefined && missing) ways.set('missing', { ...missing, asked: ways.get('refused')?.asked })
}

/**
 * Whether a step judges by an exit code or a status alone: whatever is printed passes, and a refusal does not. It says no more than what it asked
 * said itself.
 */
function judgesByCode({ page, ways }: TriedWays): boolean {
  const shape = ways.get('shape')
  const status = shape?.status
  if (shape === undefined || (status !== 'passed' && status !== 'ruled-out')) return false
  const statusIn = (taking: string) => ways.get(taking)?.status
  // A try that took too long has shown nothing.
  const heeds = (taking: string) => [status, 'timed-out'].includes(statusIn(taking) ?? '')
  return (
    heeds('empty') &&
    heeds('page') &&
    statusIn('refused') !== status &&
    statusIn('missing') !== status &&
    !readsAnswers(page, shape)
  )
}

/** Whether a block looks into what it was answered: then an answer of another shape has to fail it. */
function readsAnswers(page: Procedure, { step }: TriedStep): boolean {
  const block = findStep(page, step)?.block
  if (block === undefined) return false
  return block.language === 'ts'
    ? /\bbody\b|\.json\s*[<(]|\.stdout\b/.test(block.code)
    : /\b(?:grep|awk|jq|sed|wc|paste)\b/.test(block.code)
}

/** Whether it came to ask something, in some way; or is to ask nothing, and had what it reads. */
function isJudged({ page, ways }: TriedWays, file: HandbookFile): boolean {
  const tries = [...ways.values()]
  if (tries.some(({ asked }) => asked)) return true
  const step = tries[0] && findStep(page, tries[0].step)
  return step !== undefined && listInputs(step, file).length === 0 && tries.some(({ status }) => status !== 'blocked')
}

function findStep({ phases }: Procedure, id: string) {
  return phases.flatMap(({ steps }) => steps).find(step => step.id === id)
}
