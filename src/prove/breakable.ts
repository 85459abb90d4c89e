import { breakages, faults } from '../lab/index.ts'
import { workspaceBreakages } from './workspace/breakages/index.ts'

/** Everything that can be broken to prove a check, by name. */
export const BREAKABLE: readonly string[] = [...faults, ...breakages, ...workspaceBreakages].map(({ name }) => name)
