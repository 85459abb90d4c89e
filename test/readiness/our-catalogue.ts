import { readFileSync } from 'node:fs'
import { parseCatalogue } from '../../src/readiness/index.ts'

const FILE = 'docs/readiness/catalogue.yaml'

/** The text of the handbook's own catalogue. */
export const OUR_CATALOGUE = readFileSync(FILE, 'utf8')

/** The handbook's own catalogue. Throws when it is wrong. */
export function readOurCatalogue() {
  const result = parseCatalogue(OUR_CATALOGUE, FILE)
  if ('catalogue' in result) return result.catalogue
  throw new Error(JSON.stringify(result.problems))
}
