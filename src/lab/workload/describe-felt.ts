import type { Course, Felt } from '../../lab-port/index.ts'
import type { Attempt } from './traffic.ts'

/** The length of a span, in seconds: a drill has some hundred of them. */
const SPAN = 2
/** After how many seconds an acknowledgement is late: alone, an upload of the drill takes a tenth of a second. */
const LATE = 2

/** How a deployment felt to those who used it for a time, given in milliseconds. */
export function describeFelt(
  attempts: readonly Attempt[],
  time: { readonly from: number; readonly to: number },
): Required<Felt> {
  const failed = attempts.filter(({ acknowledged }) => !acknowledged).length
  const times = [...attempts.flatMap(({ ended, acknowledged }) => (acknowledged ? ended : [])), time.to]
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
  return {
    failedShare: attempts.length === 0 ? 0 : Math.round((failed / attempts.length) * 1000) / 1000,
    longestGapSeconds: Math.round(Math.max(0, ...gaps) / 100) / 10,
    course: describeCourse(attempts, time),
  }
}

function describeCourse(
  attempts: readonly Attempt[],
  { from, to }: { readonly from: number; readonly to: number },
): Course {
  const spans = Math.max(1, Math.ceil((to - from) / 1000 / SPAN))
  const spanOf = ({ ended }: Attempt) => Math.min(spans - 1, Math.max(0, Math.floor((ended - from) / 1000 / SPAN)))
  const count = (which: readonly Attempt[]) => {
    const counts = Array.from({ length: spans }, () => 0)
    for (const attempt of which) counts[spanOf(attempt)] = (counts[spanOf(attempt)] ?? 0) + 1
    return counts
  }
  const isLate = ({ began, ended }: Attempt) => ended - began > LATE * 1000
  return {
    span: SPAN,
    late: LATE,
    well: count(attempts.filter(attempt => attempt.acknowledged && !isLate(attempt))),
    slow: count(attempts.filter(attempt => attempt.acknowledged && isLate(attempt))),
    failed: count(attempts.filter(({ acknowledged }) => !acknowledged)),
  }
}
