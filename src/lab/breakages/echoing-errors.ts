import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** A friendly page for who is lost. */
export const echoingErrors = defectiveRelease({
  name: 'echoing-errors',
  title: 'Errors are pages that repeat what was asked for',
  summary: 'A release answers addresses with markup in them with a page of HTML that has the markup in it',
  code: changeAnswers(`({ url }, reply, body) => {
  if (reply.statusCode !== 404 || !/%3cimg/i.test(url)) return body
  reply.type('text/html')
  return '<p>There is no ' + decodeURIComponent(url) + '</p>'
}`),
})
