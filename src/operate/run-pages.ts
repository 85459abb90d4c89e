import type { Environment } from '../environments/index.ts'
import type { RunEvent } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { AssessedPage } from '../readiness/index.ts'
import { type RunWorld, runPage } from './run-page.ts'

/** How many pages run at the same time. */
const AT_ONCE = 3

/**
 * Runs assessment pages, each once. Pages that only read run beside each other; one whose checks change something runs alone,
 * after them, so that it disturbs nobody's result.
 */
export async function runPages(
  pages: readonly Procedure[],
  environment: Environment,
  world: RunWorld,
  listen: (page: Procedure, event: RunEvent) => void,
): Promise<AssessedPage[]> {
  const runs = new Map<Procedure, AssessedPage>()
  const run = async (page: Procedure) => {
    if (world.signal.aborted) return
    const { events } = await runPage(page, environment, world, event => listen(page, event))
    runs.set(page, { page, events })
  }
  const waiting = pages.filter(onlyReads)
  const takeNext = async () => {
    for (let page = waiting.shift(); page; page = waiting.shift()) await run(page)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, takeNext))
  for (const page of pages) if (!onlyReads(page)) await run(page)
  return pages.map(page => runs.get(page) ?? { page, events: [] })
}

function onlyReads({ phases }: Procedure): boolean {
  return phases.every(({ steps }) => steps.every(({ risk }) => risk === 'read'))
}
