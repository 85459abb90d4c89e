import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Nobody sees them, so nobody misses them. */
export const noSecurityHeaders = defectiveRelease({
  name: 'no-security-headers',
  title: 'Answers have no Content-Security-Policy',
  summary: 'A release leaves Content-Security-Policy, and with it frame-ancestors, out of its answers',
  code: changeAnswers(`(request, reply, body) => {
  reply.removeHeader('content-security-policy')
  return body
}`),
})
