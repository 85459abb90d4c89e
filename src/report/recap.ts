import pc from 'picocolors'
import type { RunState, StepStatus } from '../journal/index.ts'

/** What a run had done before it is gone on with: a line for each step that was taken. */
export function formatRecap({ steps }: RunState): string {
  const lines = steps.flatMap(({ id, title, status }) => {
    if (status === 'waiting') return []
    const sign = status === 'running' ? pc.yellow('◌') : SIGNS[status]
    const told = status === 'running' ? 'had begun' : status.replace('-', ' ')
    return `  ${sign} ${title} ${pc.dim(`#${id}`)} ${told}\n`
  })
  return lines.length > 0 ? `\n${pc.bold('Done before')}\n${lines.join('')}` : ''
}

/** A step's end in one character. */
export const SIGNS: Readonly<Record<StepStatus, string>> = {
  passed: pc.green('✓'),
  failed: pc.red('✗'),
  'ruled-out': pc.blue('−'),
  skipped: pc.dim('○'),
  blocked: pc.yellow('◌'),
  cancelled: pc.yellow('■'),
  'timed-out': pc.red('◷'),
  interrupted: pc.yellow('■'),
}
