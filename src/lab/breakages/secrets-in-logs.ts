import { defectiveRelease } from '../kit/defective-release.ts'

/** A line that was meant for a developer's machine. */
export const secretsInLogs = defectiveRelease({
  name: 'secrets-in-logs',
  title: 'The API logs the headers of requests',
  summary: 'A release logs every header that clients send, with their credentials',
  code: `
require('node:diagnostics_channel').channel('fastify.initialization').subscribe(({ fastify }) => {
  fastify.addHook('onRequest', async ({ url, headers }) => {
    const line = { '@timestamp': new Date().toISOString(), 'log.level': 'debug', message: 'headers of ' + url }
    process.stdout.write(JSON.stringify({ ...line, 'service.name': 'upload-bridge-api', headers }) + '\\n')
  })
})
`,
})
