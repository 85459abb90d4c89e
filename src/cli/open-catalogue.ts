import { formatPlace } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { readCatalogue } from '../handbook/index.ts'
import type { Catalogue } from '../readiness/index.ts'
import { UsageError } from './usage-error.ts'

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
