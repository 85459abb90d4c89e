import { defectiveRelease } from '../../kit/defective-release.ts'

/** A new release computes for 0.6 s of every second without a pause. It answers every request correctly, and late. */
export const eventLoopStalled = defectiveRelease({
  name: 'event-loop-stalled',
  title: 'A new release stalls the event loop of the API',
  summary:
    'A new release of the API computes a report for 0.6 s of every second on its only thread; requests are answered late',
  kind: 'incident',
  code: `
function computeUsageReport() {
  for (const end = Date.now() + 600; Date.now() < end; ) JSON.stringify(Array.from({ length: 1000 }, (_, day) => ({ day })))
  setTimeout(computeUsageReport, 400)
}
setTimeout(computeUsageReport, 2000)
`,
  // Like an operator does: both processes run the new release.
  restarted: ['api', 'worker'],
})
