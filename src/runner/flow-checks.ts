import type { Ending } from './ending.ts'
import type { Run } from './run.ts'
import { takeStep } from './take-step.ts'

/** An assessment: every check that may run does, whatever the others say; it passes when none fails and none was refused. */
export async function runChecks(run: Run): Promise<Ending> {
  const steps = run.request.procedure.phases.find(({ name }) => name === 'checks')?.steps ?? []
  if (steps.length > 0) run.emit({ type: 'phase.started', phase: 'checks' })
  let failed = 0
  let refused: string | undefined
  for (const step of steps) {
    const taking = await takeStep(run, step)
    if (taking.status === 'refused') {
      refused ??= taking.reason
      continue
    }
    if (taking.status === 'stopped' || taking.status === 'cancelled') return { outcome: 'cancelled' }
    if (taking.status !== 'passed' && taking.status !== 'skipped') failed += 1
  }
  if (refused !== undefined) return { outcome: 'failed', reason: refused, refused }
  if (failed === 0) return { outcome: 'passed' }
  return { outcome: 'failed', reason: `${failed} of ${steps.length} checks did not pass` }
}
