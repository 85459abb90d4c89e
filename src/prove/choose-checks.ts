import type { Environment } from '../environments/index.ts'
import { type RunWorld, runPages } from '../operate/index.ts'
import type { Procedure, Step } from '../procedure/index.ts'
import { type CheckResult, collectChecks, listChecks } from '../readiness/index.ts'

/**
 * How many seconds of other checks run under a mutation, beside those that declare it. Durations are those before anything was broken.
 * There are about as many mutations as checks, so running all checks under each would take hours.
 */
const MARGIN = 10

/** The checks to run while something is broken: those that declare it and the quickest others, each with the checks that it reads from. */
export function chooseInSight(
  pages: readonly Procedure[],
  mutation: string,
  control: readonly CheckResult[],
): Procedure[] {
  const secondsOf = (page: Procedure, { id }: Step) =>
    control.find(check => check.page === page.path && check.id === id)?.evidence.seconds ?? 0
  const all = pages
    .flatMap(page => listChecks(page).map(check => ({ page, check, seconds: secondsOf(page, check) })))
    .sort((a, b) => a.seconds - b.seconds)
  const chosen = new Set<Step>()
  let rest = MARGIN
  for (const { page, check } of all.filter(({ check }) => check.breaks.includes(mutation))) {
    for (const step of withSources(page, check)) chosen.add(step)
  }
  for (const { page, check } of all) {
    const more = withSources(page, check).filter(step => !chosen.has(step))
    const seconds = more.reduce((sum, step) => sum + secondsOf(page, step), 0)
    if (seconds > rest) continue
    rest -= seconds
    for (const step of more) chosen.add(step)
  }
  return keepChecks(pages, check => chosen.has(check))
}

/** The pages with only these checks, and the checks of which they read values. */
export function keepWithSources(
  pages: readonly Procedure[],
  isWanted: (check: Step, page: Procedure) => boolean,
): Procedure[] {
  const wanted = pages.flatMap(page =>
    listChecks(page).flatMap(check => (isWanted(check, page) ? withSources(page, check) : [])),
  )
  return keepChecks(pages, check => wanted.includes(check))
}

/** A check, or all checks of its page if one of them reads a value of another, because these belong together. */
function withSources(page: Procedure, check: Step): readonly Step[] {
  const checks = listChecks(page)
  const isRead = ({ id }: Step) => {
    const variable = `STEP_${id.toUpperCase().replaceAll('-', '_')}_`
    const names = [`steps.${id}`, `steps['${id}']`, variable]
    return checks.some(({ block }) => names.some(name => block.code.includes(name)))
  }
  return checks.some(isRead) ? checks : [check]
}

/** The pages with only these checks. Pages without any are left out. */
export function keepChecks(pages: readonly Procedure[], keep: (check: Step, page: Procedure) => boolean): Procedure[] {
  return pages
    .map(page => ({
      ...page,
      phases: page.phases.map(phase => ({ ...phase, steps: phase.steps.filter(step => keep(step, page)) })),
    }))
    .filter(page => listChecks(page).length > 0)
}

/** Runs every check of these pages in an environment and returns the results. */
export async function measureChecks(
  pages: readonly Procedure[],
  environment: Environment,
  world: RunWorld,
): Promise<CheckResult[]> {
  const runs = await runPages(pages, environment, world, () => undefined)
  return runs.flatMap(({ page, events }) => collectChecks(page, events))
}
