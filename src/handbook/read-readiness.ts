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

/** The last assessments that were written, the proofs of their checks, and the problems of these files. */
export interface Readiness {
  readonly assessment?: Assessment
  /** The one of a deployment that was made worse on purpose, to be what was claimed of it once. */
  readonly reconstructed?: Assessment
  readonly proofs: readonly CheckProof[]
  readonly problems: readonly Problem[]
}

/** The folder of these files. */
export const READINESS_FOLDER = 'static/readiness'

const ASSESSMENT = {
  schema: assessmentSchema,
  hint: 'Delete it, and assess again: handbook assess --env lab --write',
}
const RECONSTRUCTED = {
  schema: assessmentSchema,
  hint: 'Delete it, and assess again with the same --profile and --write',
}
const PROOFS = {
  schema: checkProofsSchema,
  hint: 'Delete it, and prove the checks again: handbook assess --prove --write',
}

/** Reads the files of `handbook assess --write` and `--prove --write`; each may be absent. */
export async function readReadiness(root: string): Promise<Readiness> {
  const [assessment, reconstructed, proofs] = await Promise.all([
    readRecord(root, `${READINESS_FOLDER}/assessment.json`, ASSESSMENT),
    readRecord(root, `${READINESS_FOLDER}/reconstructed.json`, RECONSTRUCTED),
    readRecord(root, `${READINESS_FOLDER}/proofs.json`, PROOFS),
  ])
  return {
    ...(assessment.data ? { assessment: assessment.data } : {}),
    ...(reconstructed.data ? { reconstructed: reconstructed.data } : {}),
    proofs: proofs.data?.checks ?? [],
    problems: [assessment, reconstructed, proofs].flatMap(({ problem }) => problem ?? []),
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
