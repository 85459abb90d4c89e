import type { WorkspaceBreakage } from '../workspace-breakage.ts'
import { lintOff } from './lint-off.ts'
import { typesOff } from './types-off.ts'

/** Breakages of the repository itself, for checks of gates; they act on a copy. */
export const workspaceBreakages: readonly WorkspaceBreakage[] = [lintOff, typesOff]
