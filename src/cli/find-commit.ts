import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The commit that the handbook stands at, marked when there are changes on top of it; what proofs and assessments write is none. */
export async function findCommit(root: string): Promise<string> {
  const git = promisify(execFile)
  try {
    const { stdout: commit } = await git('git', ['rev-parse', 'HEAD'], { cwd: root })
    const { stdout: changes } = await git(
      'git',
      ['status', '--porcelain', '--', ':!static/proofs', ':!static/readiness'],
      { cwd: root },
    )
    return `${commit.trim()}${changes.trim() ? '-dirty' : ''}`
  } catch {
    return 'unknown'
  }
}
