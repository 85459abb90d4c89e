import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** The first errors after a start increase nothing. */
export const lateErrorSeries = defectiveRelease({
  name: 'late-error-series',
  title: 'Errors are counted from the first one',
  summary: 'A release has no series of requests before the first such request',
  code: changeAnswers(
    `({ url }, reply, body) => (url.startsWith('/metrics') ? body.replace(/^upload_bridge_http_requests_total\\{.*\\} 0\\n/gm, '') : body)`,
  ),
})
