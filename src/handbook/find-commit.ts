import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Handbook } from '../environments/index.ts'
import { READINESS_FOLDER } from './read-readiness.ts'

/** The current commit of the handbook, with `-dirty` when there are changes. Written proofs and assessments are no changes. */
export async function findCommit({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<string> {
  const git = promisify(execFile)
  try {
    const { stdout: commit } = await git('git', ['rev-parse', 'HEAD'], { cwd: root })
    const written = [file.proofs, READINESS_FOLDER].map(folder => `:!${folder}`)
    const { stdout: changes } = await git('git', ['status', '--porcelain', '--', ...written], { cwd: root })
    return `${commit.trim()}${changes.trim() ? '-dirty' : ''}`
  } catch {
    return 'unknown'
  }
}
