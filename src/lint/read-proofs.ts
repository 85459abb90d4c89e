import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeIssue, type Problem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { type Proof, proofSchema } from '../journal/index.ts'
import { makeProblem, violation } from './rule.ts'
import { proofFile } from './rules/proof-file.ts'

/** The proofs of a handbook, and what is wrong with their files. */
export interface Proofs {
  readonly proofs: readonly Proof[]
  readonly problems: readonly Problem[]
}

/** Reads the proofs that drills left, one file each; a handbook without any has none. */
export async function readProofs({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<Proofs> {
  const names = await readdir(join(root, file.proofs)).catch((): string[] => [])
  const paths = names.filter(name => name.endsWith('.json')).sort()
  const found = await Promise.all(
    paths.map(async name => readProof(await readFile(join(root, file.proofs, name), 'utf8'), `${file.proofs}/${name}`)),
  )
  return {
    proofs: found.flatMap(result => ('proof' in result ? [result.proof] : [])),
    problems: found.flatMap(result => ('problem' in result ? [result.problem] : [])),
  }
}

function readProof(text: string, path: string): { proof: Proof } | { problem: Problem } {
  const refuse = (message: string) => ({
    problem: makeProblem(proofFile, path, violation({ line: 1, column: 1 }, message)),
  })
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const result = proofSchema.safeParse(raw, { error: describeIssue })
  if (result.success) return { proof: result.data }
  const [issue] = result.error.issues
  return refuse(issue ? `${issue.path.join(' › ')}: ${issue.message}` : 'This is no proof')
}
