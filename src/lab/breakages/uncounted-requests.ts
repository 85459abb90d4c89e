import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Refusals look like nothing at all. */
export const uncountedRequests = defectiveRelease({
  name: 'uncounted-requests',
  title: 'Refused requests are not counted',
  summary: 'A release counts no request that it answered with 404',
  code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^upload_bridge_http_requests_total\\{[^}]*code="404".*\\n/gm, '') : body`),
})
