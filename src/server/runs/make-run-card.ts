import type { RecordedRun } from '../../journal/index.ts'
import type { RunCard } from '../../wire/index.ts'

/** A run for a line of a list. */
export function makeRunCard({
  id,
  procedure,
  title,
  environment,
  by,
  started,
  outcome,
}: Omit<RecordedRun, 'outcome'> & Partial<Pick<RecordedRun, 'outcome'>>): RunCard {
  return {
    run: id,
    procedure,
    title,
    environment,
    by: by ?? { user: 'somebody', host: 'somewhere', pid: 0 },
    started,
    ...(outcome === undefined ? {} : { outcome }),
  }
}
