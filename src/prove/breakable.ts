import { faults, mutations } from '../lab/index.ts'
import { workspaceMutations } from './workspace/mutations/index.ts'

/** Everything that can be broken to prove a check, by name. */
export const BREAKABLE: readonly string[] = [...faults, ...mutations, ...workspaceMutations].map(({ name }) => name)
