import type { WorkspaceBreakage } from '../workspace-breakage.ts'
import { checkOff } from './check-off.ts'
import { coverageOff } from './coverage-off.ts'
import { deadCodeOff } from './dead-code-off.ts'
import { deadLink } from './dead-link.ts'
import { forgivingPipeline } from './forgiving-pipeline.ts'
import { hookOff } from './hook-off.ts'
import { hooksNotSet } from './hooks-not-set.ts'
import { importsOff } from './imports-off.ts'
import { lenientCi } from './lenient-ci.ts'
import { lintOff } from './lint-off.ts'
import { lockRemoved } from './lock-removed.ts'
import { overdueReview } from './overdue-review.ts'
import { ownerWithoutContact } from './owner-without-contact.ts'
import { reviewOff } from './review-off.ts'
import { roleWithoutSteps } from './role-without-steps.ts'
import { staleChecklist } from './stale-checklist.ts'
import { staleErrorEntry } from './stale-error-entry.ts'
import { stampedBuild } from './stamped-build.ts'
import { testsOff } from './tests-off.ts'
import { typesOff } from './types-off.ts'
import { unexecutedCommand } from './unexecuted-command.ts'
import { unfinishedPage } from './unfinished-page.ts'
import { unitsAsRoot } from './units-as-root.ts'
import { unlistedRunbook } from './unlisted-runbook.ts'
import { unmeasuredThreat } from './unmeasured-threat.ts'
import { unpinnedPackage } from './unpinned-package.ts'
import { unverifiedDeployment } from './unverified-deployment.ts'

/** Breakages of the repository itself, for checks of gates and of pages; they act on a copy. */
export const workspaceBreakages: readonly WorkspaceBreakage[] = [
  checkOff,
  coverageOff,
  deadCodeOff,
  deadLink,
  forgivingPipeline,
  hookOff,
  hooksNotSet,
  importsOff,
  lenientCi,
  lintOff,
  lockRemoved,
  overdueReview,
  ownerWithoutContact,
  reviewOff,
  roleWithoutSteps,
  staleChecklist,
  staleErrorEntry,
  stampedBuild,
  testsOff,
  typesOff,
  unexecutedCommand,
  unfinishedPage,
  unitsAsRoot,
  unlistedRunbook,
  unmeasuredThreat,
  unpinnedPackage,
  unverifiedDeployment,
]
