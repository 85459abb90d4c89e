import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Whoever looks it up finds nothing. */
export const unknownErrorCode = defectiveRelease({
  name: 'unknown-error-code',
  title: 'An error has a code that is not documented',
  summary: 'A release answers addresses that do not exist with a code of its own',
  code: changeAnswers(`(request, reply, body) =>
  typeof body === 'string' ? body.replaceAll('upload-not-found', 'no-such-upload') : body`),
})
