import type { Lab } from '../lab-port/index.ts'
import { findNearest, UsageError } from '../operate/index.ts'

/** Throws a `UsageError` unless a lab can break in this way; it names the nearest way in which it can. */
export function demandFault(lab: Lab, name: string): void {
  if (!lab.faults || listEveryFault(lab).includes(name)) return
  throw new UsageError(`There is no fault ${name}`, describeFaults(lab, name))
}

/** What may have been meant, and the faults that there are; mutations, of which there may be a hundred, are not listed. */
export function describeFaults(lab: Lab, name: string): string {
  const nearest = findNearest(name, listEveryFault(lab))
  const known = (lab.faults ?? []).map(fault => fault.name).join(', ')
  if (known === '') return nearest === undefined ? 'This lab has no faults' : `Did you mean ${nearest}?`
  return `${nearest === undefined ? '' : `Did you mean ${nearest}? `}There are: ${known}`
}

/** The names of everything that breaks a deployment: faults, and mutations. */
export function listEveryFault({ faults, mutations }: Lab): string[] {
  return [...(faults ?? []), ...mutations].map(({ name }) => name)
}
