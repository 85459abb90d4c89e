import { changeLines, defectiveRelease } from '../kit/defective-release.ts'

/** Lines for people, as many programs log them. */
export const plainLogs = defectiveRelease({
  name: 'plain-logs',
  title: 'The API logs plain text',
  summary: 'A release logs lines such as "INFO request answered" instead of JSON objects',
  code: changeLines(`line => {
  const { '@timestamp': time, 'log.level': level, message, ...rest } = JSON.parse(line)
  return [time, String(level).toUpperCase(), message, ...Object.entries(rest).map(([key, value]) => key + '=' + value)].join(' ')
}`),
})
