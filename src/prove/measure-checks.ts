import type { Environment } from '../environments/index.ts'
import { type RunWorld, runPages } from '../operate/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { type CheckResult, collectChecks } from '../readiness/index.ts'

/** What every check of these pages finds in an environment now. */
export async function measureChecks(
  pages: readonly Procedure[],
  environment: Environment,
  world: RunWorld,
): Promise<CheckResult[]> {
  const runs = await runPages(pages, environment, world, () => undefined)
  return runs.flatMap(({ page, events }) => collectChecks(page, events))
}
