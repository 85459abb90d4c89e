import { digest, type LabContent, type StandsOn } from '../journal/index.ts'
import type { Procedure, Step } from '../procedure/index.ts'
import { listChecks } from './collect-checks.ts'

/**
 * The parts that the proof of each check depends on: the check's block and its mutations. Unless the mutations act on the
 * repository, the deployment counts too.
 */
export function hashChecks(pages: readonly Procedure[], lab: LabContent | undefined): ReadonlyMap<Step, StandsOn> {
  return new Map(
    pages.flatMap(page => {
      const checks = listChecks(page)
      return checks.map(check => [check, hashCheck(check, checks, lab)] as const)
    }),
  )
}

function hashCheck(check: Step, checks: readonly Step[], lab: LabContent | undefined): StandsOn {
  const page = digest(withSources(check, checks).map(({ block }) => block.hash))
  if (!lab) return { page }
  const mutations = check.breaks.toSorted().map(name => ({ name, ...lab.faults[name] }))
  const known = mutations.every(({ hash }) => typeof hash === 'string')
  return {
    page,
    fault: known ? digest(mutations.map(({ name, hash }) => [name, hash])) : null,
    ...(mutations.some(({ deployed }) => deployed) ? { shipped: lab.shipped } : {}),
  }
}

/** A check, and the checks whose values it reads. */
function withSources(check: Step, checks: readonly Step[]): readonly Step[] {
  const found = new Set([check])
  for (const { block } of found) {
    for (const other of checks) if (reads(block.code, other.id)) found.add(other)
  }
  return [...found]
}

function reads(code: string, id: string): boolean {
  const variable = `STEP_${id.toUpperCase().replaceAll('-', '_')}_`
  return [`steps.${id}`, `steps['${id}']`, variable].some(name => code.includes(name))
}
