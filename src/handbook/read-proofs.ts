import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { type Proof, proofSchema } from '../journal/index.ts'
import { readRecord } from './read-record.ts'

/** The proofs of a handbook, and the problems of their files. */
export interface Proofs {
  readonly proofs: readonly Proof[]
  readonly problems: readonly Problem[]
}

const PROOF = { schema: proofSchema, hint: 'Delete it, and prove the page again: handbook drill' }

/** Reads the proofs that drills have written, one from each file. */
export async function readProofs({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<Proofs> {
  const names = await readdir(join(root, file.proofs)).catch((): string[] => [])
  const paths = names.filter(name => name.endsWith('.json')).sort()
  const found = await Promise.all(paths.map(name => readRecord(root, `${file.proofs}/${name}`, PROOF)))
  return {
    proofs: found.flatMap(({ data }) => data ?? []),
    problems: found.flatMap(({ problem }) => problem ?? []),
  }
}
