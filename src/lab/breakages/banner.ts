import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** What many servers say of themselves unless told not to. */
export const banner = defectiveRelease({
  name: 'banner',
  title: 'Answers say what software they come from',
  summary: 'A release sends the header Server with name and version',
  code: changeAnswers(`(request, reply, body) => {
  reply.header('Server', 'Fastify/5.12.8 (Node.js ' + process.version + ')')
  return body
}`),
})
