import { stripVTControlCharacters } from 'node:util'
import { foldRun, type RunEvent, type StepState } from '../journal/index.ts'
import type { Procedure, Step } from '../procedure/index.ts'
import type { CheckResult } from './assessment.ts'

/** The most characters that are kept of a check's output. */
const TAIL = { lines: 12, characters: 1200 }

/** Every check of a page with its result in a run of the page. A check that the run did not reach is unknown. */
export function collectChecks(page: Procedure, events: readonly RunEvent[]): CheckResult[] {
  const state = foldRun(events)
  return listChecks(page).map(step => {
    const known = state.steps.find(({ id }) => id === step.id)
    const output = findOutput(events, step.id)
    return {
      id: step.id,
      title: step.title,
      page: page.path,
      line: step.line,
      ...judge(known, state.reason),
      evidence: {
        ...(output === '' ? {} : { output }),
        ...(known?.value === undefined ? {} : { value: known.value }),
        files: known?.evidence.flatMap(({ file }) => file ?? []) ?? [],
        seconds: known?.seconds ?? 0,
        run: state.id,
      },
      breaks: [...step.breaks],
    }
  })
}

/** The checks of a page, in its order. */
export function listChecks(page: Procedure): readonly Step[] {
  return page.phases.find(({ name }) => name === 'checks')?.steps ?? []
}

function judge(step: StepState | undefined, ended: string | undefined): Pick<CheckResult, 'result' | 'reason'> {
  const told = step?.reason ?? step?.error?.message
  const message = told === undefined ? undefined : shorten(makePlain(told))
  const unknown = (why: string) => ({
    result: 'unknown' as const,
    reason: message === undefined ? why : `${why}: ${message}`,
  })
  const status = step?.status
  switch (status) {
    case 'passed':
      return { result: 'passed' }
    case 'failed':
      return { result: 'failed', reason: message ?? 'it failed' }
    case 'skipped':
      return { result: 'unknown', reason: message ?? 'skipped' }
    case 'ruled-out':
      return unknown('a check cannot be ruled out')
    case 'timed-out':
      return unknown('timed out')
    case 'blocked':
    case 'cancelled':
    case 'interrupted':
      return unknown(status)
    case undefined:
    case 'waiting':
    case 'running':
      return { result: 'unknown', reason: ended === undefined ? 'not run' : `not run: ${ended}` }
    default:
      return status satisfies never
  }
}

/** The most characters that are kept of a reason: what a check compared may be a whole file. */
const LONGEST = 600

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** The last lines that a step's last try printed, without what only a terminal understands. */
function findOutput(events: readonly RunEvent[], step: string): string {
  let text = ''
  for (const event of events) {
    if (event.type === 'step.started' && event.step === step) text = ''
    if (event.type === 'step.output' && event.step === step) text = `${text}${event.text}`.slice(-20 * TAIL.characters)
  }
  const lines = makePlain(text).trimEnd().split('\n').slice(-TAIL.lines)
  return lines.join('\n').slice(-TAIL.characters)
}

function makePlain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '')
}
