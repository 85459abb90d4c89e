import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Only the average is left, which hides the slow. */
export const noDurationHistogram = defectiveRelease({
  name: 'no-duration-histogram',
  title: 'Durations are only summed up',
  summary: 'A release leaves the buckets of upload_bridge_http_request_duration_seconds out',
  code: changeAnswers(
    `({ url }, reply, body) => (url.startsWith('/metrics') ? body.replace(/^upload_bridge_http_request_duration_seconds_bucket.*\\n/gm, '') : body)`,
  ),
})
