import type { Practice, RunState } from '../../journal/index.ts'
import type { PracticePlan } from './plan-practice.ts'

/** When the parts of a practice began, in milliseconds of the clock that runs are recorded by; what did not happen is missing. */
export interface PracticeMoments {
  readonly broken: number
  readonly fired?: number
  readonly healed?: number
}

/** The part of a score that moments and runs tell. */
type RunScore = Pick<
  Practice,
  'secondsToFire' | 'secondsToPage' | 'secondsToHeal' | 'wrongPages' | 'wrongMitigations' | 'runs'
>

/** How somebody did, by the runs that were begun since the lab was broken. Runs that nobody asked for are not somebody's. */
export function scorePractice(
  { cures }: Pick<PracticePlan, 'cures'>,
  { broken, fired, healed }: PracticeMoments,
  all: readonly RunState[],
): RunScore {
  const runs = all.filter(isBegunBySomebody).toSorted((a, b) => (a.started < b.started ? -1 : 1))
  const right = runs.filter(({ procedure }) => cures.some(({ page }) => page.id === procedure))
  const others = runs.filter(run => !right.includes(run))
  const [first] = right
  const since = fired ?? broken
  return {
    secondsToFire: fired === undefined ? null : toSeconds(fired - broken),
    secondsToPage: first === undefined ? null : toSeconds(Date.parse(first.started) - since),
    secondsToHeal: healed === undefined ? null : toSeconds(healed - since),
    wrongPages: [...new Set(others.filter(({ start }) => start?.kind === 'runbook').map(({ procedure }) => procedure))],
    wrongMitigations: [...new Set(runs.flatMap(run => listWrongMitigations(run, cures)))],
    runs: runs.map(({ id }) => id),
  }
}

/** Whether a person began a run: not a server that takes a first look, and not a run that rolls another one back. */
function isBegunBySomebody({ start, rollsBack }: RunState): boolean {
  return start?.unasked !== true && rollsBack === undefined
}

function listWrongMitigations({ procedure, steps, start }: RunState, cures: PracticePlan['cures']): string[] {
  const expected = cures.flatMap(({ page, drill }) => (page.id === procedure ? drill.expect : []))
  const changes = start?.steps.filter(({ risk }) => risk !== 'read').map(({ id }) => id) ?? []
  return steps
    .filter(({ id, phase, attempts }) => phase === 'mitigate' && attempts > 0 && changes.includes(id))
    .filter(({ id }) => !expected.includes(id))
    .map(({ id }) => `${procedure}#${id}`)
}

/** What was done before the alert fired took no time. */
function toSeconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / 100) / 10)
}
