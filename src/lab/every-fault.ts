import { breakages } from './breakages/index.ts'
import type { Fault } from './fault.ts'
import { faults } from './faults/index.ts'

/** Everything that the lab can break: as deployments really break, and to prove checks. */
export const everyFault: readonly Fault[] = [...faults, ...breakages]
