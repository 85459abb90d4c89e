import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** What asks gives up, and takes a slow dependency for a dead process. */
export const readinessWaits = defectiveRelease({
  name: 'readiness-waits',
  title: 'Readiness waits for the database',
  summary: 'A release asks the database before it answers /readyz, however long that takes',
  code: changeAnswers(`async ({ url, socket }, reply, body) => {
  if (url.startsWith('/readyz')) await fetch('http://127.0.0.1:' + socket.localPort + '/uploads/' + '0'.repeat(32))
  return body
}`),
})
