import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Restarts go unseen. */
export const noStartTime = defectiveRelease({
  name: 'no-start-time',
  title: 'Nothing tells since when the API runs',
  summary: 'A release leaves process_start_time_seconds out of its metrics',
  code: changeAnswers(
    `({ url }, reply, body) => (url.startsWith('/metrics') ? body.replace(/^process_start_time_seconds.*\\n/gm, '') : body)`,
  ),
})
