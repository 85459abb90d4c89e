import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Metrics that only whoever wrote them understands. */
export const unexplainedMetrics = defectiveRelease({
  name: 'unexplained-metrics',
  title: 'Metrics have no help text',
  summary: 'A release tells upload_bridge_admission_open without saying what it is',
  code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^# HELP upload_bridge_admission_open .*\\n/m, '') : body`),
})
