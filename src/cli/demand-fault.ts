import { everyFault, faults } from '../lab/index.ts'
import { findNearest, UsageError } from '../operate/index.ts'

/** Throws a `UsageError` unless the lab can break in this way; it names the nearest way in which it can. */
export function demandFault(name: string): void {
  if (everyFault.some(fault => fault.name === name)) return
  throw new UsageError(`There is no fault ${name}`, describeFaults(name))
}

/** What may have been meant, and the faults that there are; mutations, of which there are a hundred, are not listed. */
export function describeFaults(name: string): string {
  const nearest = findNearest(
    name,
    everyFault.map(fault => fault.name),
  )
  const known = faults.map(fault => fault.name).join(', ')
  return `${nearest === undefined ? '' : `Did you mean ${nearest}? `}There are: ${known}`
}
