import type { Problem } from '../base/index.ts'
import { type Assessment, assessmentSchema, type CheckProof, checkProofsSchema } from '../readiness/index.ts'
import { readRecord } from './read-record.ts'

/** The last assessment that was kept, the proofs of its checks, and what is wrong with their files. */
export interface Readiness {
  readonly assessment?: Assessment
  readonly proofs: readonly CheckProof[]
  readonly problems: readonly Problem[]
}

/** Where both are kept. */
export const READINESS_FOLDER = 'static/readiness'

const ASSESSMENT = {
  schema: assessmentSchema,
  hint: 'Delete it, and assess again: handbook assess --env lab --write',
}
const PROOFS = {
  schema: checkProofsSchema,
  hint: 'Delete it, and prove the checks again: handbook assess --prove --write',
}

/** Reads what `handbook assess --write` and `--prove --write` left; both may be absent. */
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
