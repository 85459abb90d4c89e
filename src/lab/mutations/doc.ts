import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** It was added in a hurry, to look for something. */
export const undocumentedMetric = () =>
  defectiveRelease({
    name: 'undocumented-metric',
    title: 'A metric is exposed that nobody has explained',
    summary: 'A release exposes upload_bridge_mystery_ratio, which no guide speaks of',
    code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') && typeof body === 'string'
    ? body + '# HELP upload_bridge_mystery_ratio A mystery\\n# TYPE upload_bridge_mystery_ratio gauge\\nupload_bridge_mystery_ratio 1\\n'
    : body`),
  })

/** People who look it up find nothing. */
export const unknownErrorCode = () =>
  defectiveRelease({
    name: 'unknown-error-code',
    title: 'An error has a code that is not documented',
    summary: 'A release answers addresses that do not exist with a code of its own',
    code: changeAnswers(`(request, reply, body) =>
  typeof body === 'string' ? body.replaceAll('upload-not-found', 'no-such-upload') : body`),
  })
