import { spawnSync } from 'node:child_process'
import { HANDBOOK_FILE } from '../../environments/pure.ts'
import type { AuditEntry, AuditKind } from './audit-entry.ts'

/**
 * When something came into this branch: by its own commit, or with the merge that brought it. When it was written says nothing of that, and
 * one commit with an old date must not hide the others.
 */
const LOG = ['log', '--first-parent', '-m', '--format=%cI%x09%an%x09%h %s']

/** Who changed handbook.yaml, which says who may do what, and who reviewed pages: from the history that git has of them. */
export function readChanges(root: string, since: string, unread: string[]): AuditEntry[] {
  const log = [...LOG, `--since-as-filter=${since}`]
  const roles = callGit(root, [...log, '--', HANDBOOK_FILE])
  const reviews = callGit(root, [...log, '-G^reviewed:', '--', '*.md', '*.mdx'])
  if (roles === undefined || reviews === undefined) {
    unread.push(`who changed ${HANDBOOK_FILE} or reviewed pages: git has no history of them here`)
    return []
  }
  const dirty = callGit(root, ['status', '--porcelain', '--', HANDBOOK_FILE])
  if (dirty) unread.push(`who changed ${HANDBOOK_FILE} since its last commit`)
  const read = (text: string, kind: AuditKind) =>
    text.split('\n').flatMap((line): AuditEntry[] => {
      const [time, by = '', what = ''] = line.split('\t')
      return time ? [{ time: new Date(time).toISOString(), kind, by, what }] : []
    })
  return [...read(roles, 'roles'), ...read(reviews, 'review')]
}

function callGit(root: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', [...args], { cwd: root, encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}
