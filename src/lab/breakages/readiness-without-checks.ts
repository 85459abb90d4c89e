import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Readiness still knows, but does not tell. */
export const readinessWithoutChecks = defectiveRelease({
  name: 'readiness-without-checks',
  title: 'Readiness does not say what it depends on',
  summary: 'A release answers /readyz with no dependency in its checks',
  code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/readyz') ? JSON.stringify({ ...JSON.parse(body), checks: {} }) : body`),
})
