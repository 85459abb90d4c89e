import type { RunEvent } from './event.ts'

type RecordedStep = Extract<RunEvent, { type: 'run.started' }>['steps'][number]

/**
 * What somebody has to type before a dangerous step runs: the number of things in its plan, when that is above the page's usual most; else the
 * environment's name, when others can be reached from there, too. Often nothing.
 */
export function findWordToType(
  step: Pick<RecordedStep, 'risk' | 'meta'> | undefined,
  planned: number,
  { environment, others }: { readonly environment: string; readonly others: readonly string[] },
): string | undefined {
  if (step?.risk !== 'danger') return undefined
  if (step.meta?.max !== undefined && planned > step.meta.max) return String(planned)
  return others.length === 0 ? undefined : environment
}
