import pc from 'picocolors'
import type { RunState } from '../journal/index.ts'
import { SIGNS } from './step-signs.ts'

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
