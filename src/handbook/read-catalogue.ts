import type { Problem } from '../base/index.ts'
import { HANDBOOK_FILE, type Handbook } from '../environments/index.ts'
import { type Catalogue, parseCatalogue } from '../readiness/index.ts'
import { findInHandbookFile } from './find-in-handbook-file.ts'
import { readFileOrProblem } from './read-file-or-problem.ts'

/** The catalogue of a handbook, if it names one, and what is wrong with it. */
export interface ReadCatalogue {
  readonly catalogue?: Catalogue
  readonly problems: readonly Problem[]
}

/** Reads the catalogue that `handbook.yaml` names under `readiness`; never throws for what an author wrote. */
export async function readCatalogue({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<ReadCatalogue> {
  if (file.readiness === undefined) return { problems: [] }
  const { text, problem } = await readFileOrProblem(root, file.readiness, 'handbook-file')
  if (problem) return { problems: [problem] }
  if (text !== undefined) return { problems: [], ...parseCatalogue(text, file.readiness) }
  const place = await findInHandbookFile(root, ['readiness'])
  const message = `readiness: there is no file ${file.readiness}`
  const hint = 'Correct the path; it is relative to handbook.yaml'
  return { problems: [{ file: HANDBOOK_FILE, ...place, rule: 'handbook-file', severity: 'error', message, hint }] }
}
