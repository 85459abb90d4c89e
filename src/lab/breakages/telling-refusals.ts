import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Support wished for better messages. */
export const tellingRefusals = defectiveRelease({
  name: 'telling-refusals',
  title: 'A refusal says whether there is such a key',
  summary: 'A release names the id of a key that it refuses, where it looks like one',
  code: changeAnswers(`({ headers }, reply, body) => {
  const [, id] = /^Bearer ub_([a-z0-9-]+)_/.exec(headers.authorization ?? '') ?? []
  if (reply.statusCode !== 401 || id === undefined || !String(body).startsWith('{')) return body
  return JSON.stringify({ ...JSON.parse(body), detail: 'The key of ' + id + ' is not valid' })
}`),
})
