import pc from 'picocolors'
import type { StepStatus } from '../journal/index.ts'

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
