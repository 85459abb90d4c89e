import { changeAnswers, defectiveRelease, storagePath } from '../kit/defective-release.ts'

/** Correct by the book of status codes. */
export const tellingStrangers = defectiveRelease({
  name: 'telling-strangers',
  title: 'Clients learn which uploads others have',
  summary: 'A release answers 403 for an upload of somebody else, and 404 for one that there is not',
  code: `${storagePath}${changeAnswers(`({ url }, reply, body) => {
  const [id] = /[0-9a-f]{32}/.exec(url) ?? []
  if (reply.statusCode === 404 && id !== undefined && fs.existsSync(storagePath + '/uploads/' + id)) reply.code(403)
  return body
}`)}`,
})
