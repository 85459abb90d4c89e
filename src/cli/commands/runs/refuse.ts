import pc from 'picocolors'
import type { Obstacle } from '../../../runner/index.ts'

/** Says why something is not done, and what to do instead. Gives the exit code. */
export function refuse({ message, hint }: Obstacle): 3 {
  process.stderr.write(`${pc.red('✗')} ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`)
  return 3
}
