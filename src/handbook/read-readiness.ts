import type { Problem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { HANDBOOK_FILE } from '../environments/pure.ts'
import {
  type Assessment,
  assessmentSchema,
  type Catalogue,
  type CheckProof,
  checkProofsSchema,
  parseCatalogue,
} from '../readiness/index.ts'
import { findInHandbookFile } from './find-handbook-file.ts'
import { readFileOrProblem } from './read-file-or-problem.ts'
import { readRecord } from './read-record.ts'

/** The last assessment that was written, the proofs of its checks, and the problems of both files. */
export interface Readiness {
  readonly assessment?: Assessment
  readonly proofs: readonly CheckProof[]
  readonly problems: readonly Problem[]
}

/** The folder of both files. */
export const READINESS_FOLDER = 'static/readiness'

const ASSESSMENT = {
  schema: assessmentSchema,
  hint: 'Delete it, and assess again: handbook assess --env lab --write',
}
const PROOFS = {
  schema: checkProofsSchema,
  hint: 'Delete it, and prove the checks again: handbook assess --prove --write',
}

/** Reads the files of `handbook assess --write` and `--prove --write`; both may be absent. */
export async function readReadiness(root: string): Promise<Readiness> {
  const [assessment, proofs] = await Promise.all([
    readRecord(root, `${READINESS_FOLDER}/assessment.json`, ASSESSMENT),
    readRecord(root, `${READINESS_FOLDER}/proofs.json`, PROOFS),
  ])
  return {
    ...(assessment.data ? { assessment: assessment.data } : {}),
    proofs: proofs.data?.checks ?? [],
    problems: [assessment, proofs].flatMap(({ problem }) => problem ?? []),
  }
}

/** The catalogue of a handbook, if it names one, and the problems of that file. */
interface ReadCatalogue {
  readonly catalogue?: Catalogue
  readonly problems: readonly Problem[]
}

/** Reads the catalogue that `handbook.yaml` names under `readiness`. It never throws for a mistake of an author. */
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
