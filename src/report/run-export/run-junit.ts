import { describeStartAlert, isBroken } from '../../journal/index.ts'
import { explainOutcome } from '../describe-run.ts'
import { type JunitCase, type JunitSuite, writeJunit } from '../junit.ts'
import { checkOf, describeLedger, type RunRecord } from './run-record.ts'
import { tellRun } from './run-story.ts'
import type { RunStory, StepStory } from './story.ts'

/** A run as JUnit XML: a suite a phase, a case a step, and one for the ledger. */
export function formatRunJunit(record: RunRecord): string {
  const story = tellRun(record)
  const { state } = story
  const ledger: JunitCase = {
    name: 'The ledger is consistent',
    ...(!isBroken(checkOf(record))
      ? { output: describeLedger(record) }
      : { failure: { message: describeLedger(record) } }),
  }
  const phases = [...new Set([...story.steps, ...story.notRun].map(({ phase }) => phase))]
  const suites = phases.map(phase => ({ name: phase, cases: listCases(story, phase) }))
  return writeJunit({
    name: `${state.title}: ${record.outcome} in ${state.environment}, run ${state.id}`,
    suites: [...suites, ...describeOutcome(story), { name: 'Ledger', cases: [ledger] }],
  })
}

/** What no step tells: for which alert the run was started, and what all steps together mean, or why nobody knows. */
function describeOutcome({ state }: RunStory): JunitSuite[] {
  const { alert, outcome } = state
  const why = explainOutcome(state) ?? ''
  const cases: JunitCase[] = []
  if (alert !== undefined) {
    const output = `${describeStartAlert(alert)}.${outcome === 'ruled-out' || why === '' ? '' : `\n${why}`}`
    cases.push({ name: 'The alert that the run was started for', output })
  }
  if (outcome === 'ruled-out') cases.push({ name: 'Ruled out', output: why })
  if (outcome === 'inconclusive') cases.push({ name: 'The run is conclusive', failure: { message: why } })
  return cases.length === 0 ? [] : [{ name: 'Outcome', cases }]
}

function listCases({ steps, notRun }: RunStory, phase: string): JunitSuite['cases'] {
  return [
    ...steps.filter(step => step.phase === phase).map(writeCase),
    ...notRun.filter(step => step.phase === phase).map(({ title }) => ({ name: title, skipped: 'not run' })),
  ]
}

function writeCase(step: StepStory): JunitCase {
  const { title, status, seconds, error, reason, output } = step
  const text = output.map(part => part.text).join('')
  const why = error?.message ?? reason ?? status
  const notes = step.notes.map(note => `${note.text} (${note.time})`)
  const said = [...notes, text].filter(Boolean).join('\n')
  const properties = { began: step.time, ...(step.by === undefined ? {} : { by: step.by }) }
  const base = { name: title, seconds, properties, ...(said === '' ? {} : { output: said }) }
  switch (status) {
    case 'passed':
    case 'ruled-out':
      return base
    case 'failed':
    case 'timed-out':
    case 'interrupted':
      return { ...base, failure: { message: why, type: status } }
    case 'skipped':
    case 'blocked':
    case 'cancelled':
    case 'running':
      return { ...base, skipped: status === why ? status : `${status}: ${why}` }
    default:
      return status satisfies never
  }
}
