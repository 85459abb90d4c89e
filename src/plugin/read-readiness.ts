import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeIssue, type Problem } from '../base/index.ts'
import { type Assessment, assessmentSchema, type CheckProof, checkProofsSchema } from '../readiness/index.ts'

/** The last assessment that was kept, the proofs of its checks, and what is wrong with their files. */
export interface Readiness {
  readonly assessment?: Assessment
  readonly proofs: readonly CheckProof[]
  readonly problems: readonly Problem[]
}

/** Where both are kept. */
export const READINESS_FOLDER = 'static/readiness'

/** Reads what `handbook assess --write` and `--prove --write` left; both may be absent. */
export async function readReadiness(root: string): Promise<Readiness> {
  const read = async <T>(name: string, schema: Schema<T>): Promise<{ data?: T; problems: Problem[] }> => {
    const file = `${READINESS_FOLDER}/${name}`
    const text = await readFile(join(root, file), 'utf8').catch(() => undefined)
    return text === undefined ? { problems: [] } : parse(text, file, schema)
  }
  const [assessment, proofs] = await Promise.all([
    read('assessment.json', assessmentSchema),
    read('proofs.json', checkProofsSchema),
  ])
  return {
    ...(assessment.data ? { assessment: assessment.data } : {}),
    proofs: proofs.data?.checks ?? [],
    problems: [...assessment.problems, ...proofs.problems],
  }
}

interface Schema<T> {
  safeParse(
    data: unknown,
    options: { error: typeof describeIssue },
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } }
}

function parse<T>(text: string, file: string, schema: Schema<T>): { data?: T; problems: Problem[] } {
  const refuse = (message: string) => ({
    problems: [
      {
        file,
        line: 1,
        column: 1,
        rule: 'proof-file',
        severity: 'error' as const,
        message,
        hint: 'Delete it, and assess again: handbook assess --env lab --write',
      },
    ],
  })
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const result = schema.safeParse(raw, { error: describeIssue })
  if (result.success) return { data: result.data, problems: [] }
  const [issue] = result.error.issues
  return refuse(
    issue ? `${issue.path.join(' › ')}: ${issue.message}` : 'It has not the shape that handbook assess writes',
  )
}
