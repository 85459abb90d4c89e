import { formatPlace } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { readCatalogue } from '../handbook/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { type Catalogue, findItem, listChecks } from '../readiness/index.ts'
import { UsageError } from './errors.ts'
import { guess } from './guess.ts'
import { readProcedures } from './open-handbook.ts'

/** The catalogue that a handbook names, if it names one. Throws a `UsageError` when it is wrong, or not there. */
export async function openCatalogue(handbook: Handbook): Promise<Catalogue | undefined> {
  const { catalogue, problems } = await readCatalogue(handbook)
  const [wrong] = problems
  if (wrong) throw new UsageError(`${formatPlace(wrong)} ${wrong.message}`, wrong.hint)
  return catalogue
}

/** The same, by which a score is computed. Throws a `UsageError` when there is none. */
export function demandCatalogue(catalogue: Catalogue | undefined): Catalogue {
  if (catalogue) return catalogue
  throw new UsageError(
    'This handbook names no catalogue of what is assessed',
    'Write one, and name it under readiness: in handbook.yaml; see docs/contributing/write-a-check.md',
  )
}

/**
 * The assessment pages of a handbook, or those of one area. Throws a `UsageError` for one that cannot be read, or whose checks
 * measure nothing that the catalogue, if there is one, knows: such a check would count for nothing in silence.
 */
export async function readAssessmentPages(
  handbook: Handbook,
  catalogue: Catalogue | undefined,
  area: string | undefined,
): Promise<readonly Procedure[]> {
  const all = (await readProcedures(handbook)).filter(({ kind }) => kind === 'assessment')
  const areas = catalogue ? catalogue.areas.map(({ id }) => id) : all.flatMap(({ area }) => area ?? [])
  if (area !== undefined && !areas.includes(area)) throw new UsageError(`There is no area ${area}`, guess(area, areas))
  for (const page of all) refuseBroken(page, catalogue)
  const pages = area === undefined ? all : all.filter(page => page.area === area)
  if (pages.length > 0) return pages
  const what = area === undefined ? 'This handbook has no assessment page' : `No page assesses the area ${area}`
  throw new UsageError(what, 'Write one: docs/contributing/write-a-check.md')
}

function refuseBroken({ problems, path, area, ...page }: Procedure, catalogue: Catalogue | undefined): void {
  const broken = problems.find(({ severity }) => severity === 'error')
  if (broken) throw new UsageError(`${formatPlace(broken)} ${broken.message}`, broken.hint)
  if (area === undefined) throw new UsageError(`${path} does not say which area it assesses`, 'Add area: to it')
  for (const { items, block, title } of listChecks({ problems, path, ...page })) {
    const place = formatPlace({ file: path, ...block.fence })
    const unknown = items.find(id => catalogue && findItem(catalogue, id)?.area.id !== area)
    if (unknown !== undefined) throw new UsageError(`${place} The area ${area} has no item ${unknown}`)
    if (items.length === 0) throw new UsageError(`${place} “${title}” names no item`, 'Add item=ID behind the language')
  }
}
