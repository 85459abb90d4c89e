import { faults } from './incidents/index.ts'
import type { Fault } from './kit/fault.ts'
import { mutations } from './mutations/index.ts'

/** Everything that the lab can break: as deployments really break, and to prove checks. */
export const everyFault: readonly Fault[] = [...faults, ...mutations]
