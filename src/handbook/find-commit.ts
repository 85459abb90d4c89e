import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Handbook } from '../environments/index.ts'
import { READINESS_FOLDER } from './read-readiness.ts'

/** The commit that the handbook stands at, marked when there are changes on top of it; what proofs and assessments write is none. */
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
