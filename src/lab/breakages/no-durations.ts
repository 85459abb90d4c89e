import { changeLines, defectiveRelease } from '../kit/defective-release.ts'

/** Nothing tells any more what takes long. */
export const noDurations = defectiveRelease({
  name: 'no-durations',
  title: 'The API logs no durations',
  summary: 'A release leaves event.duration out of the lines of requests',
  code: changeLines(`line => {
  const { 'event.duration': _, ...rest } = JSON.parse(line)
  return JSON.stringify(rest)
}`),
})
