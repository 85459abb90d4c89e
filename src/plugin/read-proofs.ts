import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Handbook, Problem } from '../base/index.ts'
import { type Proof, proofSchema } from '../journal/index.ts'

/** The proofs that drills left in the handbook. A file that is no proof is a warning: a run must not fail for it. */
export async function readProofs({
  root,
  file,
}: Pick<Handbook, 'root' | 'file'>): Promise<{ proofs: readonly Proof[]; problems: readonly Problem[] }> {
  const names = await readdir(join(root, file.proofs)).catch((): string[] => [])
  const proofs: Proof[] = []
  const problems: Problem[] = []
  for (const name of names.filter(name => name.endsWith('.json')).sort()) {
    const path = `${file.proofs}/${name}`
    const proof = proofSchema.safeParse(parseJson(await readFile(join(root, path), 'utf8')))
    if (proof.success) proofs.push(proof.data)
    else problems.push(wrong(path, proof.error.issues[0]?.path.join(' › ') ?? ''))
  }
  return { proofs, problems }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function wrong(file: string, where: string): Problem {
  return {
    file,
    line: 1,
    column: 1,
    rule: 'proof-shape',
    severity: 'warning',
    message: `This is no proof of a drill${where ? `: ${where} is wrong` : ''}`,
    hint: 'Delete it and drill again; proofs are written by `handbook drill`, never by hand',
  }
}
