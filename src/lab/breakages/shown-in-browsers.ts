import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** A preview that somebody wished for. */
export const shownInBrowsers = defectiveRelease({
  name: 'shown-in-browsers',
  title: 'Browsers show what was uploaded',
  summary: 'A release gives the bytes of an upload back as a page, to be shown',
  code: changeAnswers(`({ url }, reply, body) => {
  if (url.endsWith('/content') && reply.statusCode === 200) reply.type('text/html').header('content-disposition', 'inline')
  return body
}`),
})
