import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Nobody sees any more how full the volume is. */
export const noResourceMetrics = defectiveRelease({
  name: 'no-resource-metrics',
  title: 'Metrics do not tell the free space',
  summary: 'A release leaves upload_bridge_storage_available_bytes out of its metrics',
  code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^upload_bridge_storage_available_bytes.*\\n/gm, '') : body`),
})
