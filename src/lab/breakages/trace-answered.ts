import { changeRequests, defectiveRelease } from '../kit/defective-release.ts'

/** A method for debugging that was never taken out. */
export const traceAnswered = defectiveRelease({
  name: 'trace-answered',
  title: 'TRACE repeats the request',
  summary: 'A release answers TRACE with everything that was sent, credentials and all',
  code: changeRequests(`({ method, raw }, reply) =>
  method === 'TRACE' ? reply.code(200).type('message/http').send(raw.rawHeaders.join('\\r\\n')) : undefined`),
})
