import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Whoever guesses addresses fills Prometheus. */
export const pathsAsLabels = defectiveRelease({
  name: 'paths-as-labels',
  title: 'Metrics have the address of a request as a label',
  summary: 'A release counts requests by the address that was asked for instead of its route',
  code: `
const paths = new Map()
${changeAnswers(`({ url }, reply, body) => {
  paths.set(url, (paths.get(url) ?? 0) + 1)
  if (!url.startsWith('/metrics')) return body
  const samples = [...paths].map(([path, count]) => 'upload_bridge_paths_total{path="' + path + '"} ' + count)
  return [body.trimEnd(), '# HELP upload_bridge_paths_total Requests', '# TYPE upload_bridge_paths_total counter', ...samples, ''].join('\\n')
}`)}`,
})
