import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Every process is restarted when the database is down, for nothing. */
export const livenessNeedsDatabase = defectiveRelease({
  name: 'liveness-needs-database',
  title: 'Liveness fails with the database',
  summary: 'A release answers /livez as it answers /readyz',
  code: changeAnswers(`async ({ url, socket }, reply, body) => {
  if (!url.startsWith('/livez')) return body
  const ready = await fetch('http://127.0.0.1:' + socket.localPort + '/readyz')
  reply.code(ready.status)
  return ready.text()
}`),
})
