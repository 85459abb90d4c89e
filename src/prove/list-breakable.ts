import type { Lab } from '../lab-port/index.ts'

/** Everything that can be broken to prove a check, by name; nothing where no lab is. */
export function listBreakable(lab: Lab | undefined): string[] {
  if (!lab) return []
  return [...(lab.faults ?? []), ...lab.mutations, ...lab.workspaceMutations].map(({ name }) => name)
}
