import { type LoadedHandbook, type LoadOptions, loadHandbook } from '../handbook/index.ts'
import { type DrillState, judgeDrills } from '../lint/index.ts'

/** A handbook as the site needs it: with what each of its drills is worth now. */
export interface SiteHandbook extends LoadedHandbook {
  /** By the procedure's path. */
  readonly drills: ReadonlyMap<string, readonly DrillState[]>
}

/** Reads and checks the handbook in `root`, and judges its drills; never throws for what an author wrote. */
export async function loadSite(root: string, options: LoadOptions): Promise<SiteHandbook> {
  const handbook = await loadHandbook(root, options)
  const drills = await Promise.all(
    handbook.procedures.map(async procedure => [procedure.path, await judgeDrills(procedure, handbook)] as const),
  )
  return { ...handbook, drills: new Map(drills) }
}
