import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** A line that was meant for a developer's machine. */
export const stackTraces = defectiveRelease({
  name: 'stack-traces',
  title: 'Refusals show where in the program they were made',
  summary: 'A release answers malformed requests with a stack trace',
  code: changeAnswers(`(request, reply, body) => {
  if (reply.statusCode !== 400 || typeof body !== 'string' || !body.startsWith('{')) return body
  return JSON.stringify({ ...JSON.parse(body), stack: new Error().stack })
}`),
})
