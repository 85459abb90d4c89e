import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** A load balancer sends requests until the very end. */
export const readyWhileDraining = defectiveRelease({
  name: 'ready-while-draining',
  title: 'Readiness does not know of the shutdown',
  summary: 'A release says that it is ready while it drains',
  code: changeAnswers(`({ url }, reply, body) => {
  if (!url.startsWith('/readyz')) return body
  const { checks: { shutdown, ...checks }, ...rest } = JSON.parse(body)
  if (!shutdown) return body
  reply.code(200)
  return JSON.stringify({ ...rest, status: 'pass', checks })
}`),
})
