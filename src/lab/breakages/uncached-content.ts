import { changeHandling, defectiveRelease } from '../kit/defective-release.ts'

/** Who looks again reads everything again. */
export const uncachedContent = defectiveRelease({
  name: 'uncached-content',
  title: 'Bytes are sent again',
  summary: 'A release does not look at If-None-Match',
  code: changeHandling(`async ({ raw }) => {
  delete raw.headers['if-none-match']
}`),
})
