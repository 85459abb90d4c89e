import type { Course, Felt, LabStatus, RunningWorkload, Workload } from '../lab-port/index.ts'

/** How much a lab is used while it is drilled. */
export type Intensity = 'low' | 'high'

/** How many of the lab's workloads run side by side. */
const WORKLOADS: Readonly<Record<Intensity, number>> = { low: 1, high: 4 }

/** Starts a lab's workload, at high intensity four of them side by side: what they acknowledged, lost and felt is told as of one. */
export function startSideBySide(workload: Workload, status: LabStatus, intensity: Intensity): RunningWorkload {
  const all = Array.from({ length: WORKLOADS[intensity] }, () => workload.start(status))
  return {
    acknowledged: () => sum(all.map(one => one.acknowledged())),
    felt: () => mergeFelt(all.map(one => one.felt())),
    async stop() {
      await Promise.all(all.map(one => one.stop()))
    },
    async verify(timeout) {
      const found = await Promise.all(all.map(one => one.verify(timeout)))
      const names = new Set(found.flatMap(({ counts = {} }) => Object.keys(counts)))
      const counts = Object.fromEntries(
        [...names].map(name => [name, sum(found.map(({ counts }) => counts?.[name] ?? 0))]),
      )
      return { lost: sum(found.map(({ lost }) => lost)), counts }
    },
  }
}

/** How several workloads felt: the longest gap of any of them; the share of all attempts, and without a course the worst share. */
function mergeFelt(felt: readonly Felt[]): Felt {
  const longestGapSeconds = Math.max(...felt.map(one => one.longestGapSeconds))
  const courses = felt.flatMap(({ course }) => course ?? [])
  const [first] = courses
  if (first === undefined || courses.length < felt.length)
    return { longestGapSeconds, failedShare: Math.max(...felt.map(({ failedShare }) => failedShare)) }
  const add = (part: 'well' | 'slow' | 'failed') => {
    const spans = Math.max(...courses.map(course => course[part].length))
    return Array.from({ length: spans }, (_, index) => sum(courses.map(course => course[part][index] ?? 0)))
  }
  const course: Course = { ...first, well: add('well'), slow: add('slow'), failed: add('failed') }
  const failed = sum(course.failed)
  const attempts = failed + sum(course.well) + sum(course.slow)
  return { longestGapSeconds, failedShare: attempts === 0 ? 0 : Math.round((failed / attempts) * 1000) / 1000, course }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
