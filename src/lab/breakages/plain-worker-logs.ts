import { changeLines, defectiveRelease } from '../kit/defective-release.ts'

/** The part of the log that nobody looks at until deliveries fail. */
export const plainWorkerLogs = defectiveRelease({
  name: 'plain-worker-logs',
  title: 'The worker logs plain text',
  summary: 'A release of the worker logs lines such as "INFO delivered" instead of JSON objects',
  programs: ['worker'],
  code: changeLines(`line => {
  const { 'log.level': level, message } = JSON.parse(line)
  return String(level).toUpperCase() + ' ' + message
}`),
})
