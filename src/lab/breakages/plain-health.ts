import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** What a quick first version of a health endpoint answers. */
export const plainHealth = defectiveRelease({
  name: 'plain-health',
  title: 'Health answers are plain text',
  summary: 'A release answers /livez and /readyz with the word OK',
  code: changeAnswers(`({ url }, reply, body) => {
  if (!/^\\/(?:livez|readyz)/.test(url)) return body
  reply.type('text/plain')
  return 'OK'
}`),
})
