import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Requests go on coming to where none can be answered. */
export const readyWithoutDatabase = defectiveRelease({
  name: 'ready-without-database',
  title: 'Readiness does not look at the database',
  summary: 'A release says that it is ready while the database is down',
  code: changeAnswers(`({ url }, reply, body) => {
  if (!url.startsWith('/readyz')) return body
  const { checks, ...rest } = JSON.parse(body)
  if (checks.shutdown) return body
  reply.code(200)
  return JSON.stringify({ ...rest, status: 'pass', checks: { ...checks, database: [{ status: 'pass' }] } })
}`),
})
