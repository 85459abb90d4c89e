import { defectiveRelease } from '../kit/defective-release.ts'

/** Something is loaded in the background, and needed from the first request on. */
export const errorsAtStart = defectiveRelease({
  name: 'errors-at-start',
  title: 'The API fails uploads for a while after its start',
  summary: 'A release answers new multipart uploads with 500 in its first three seconds, and is ready all the while',
  code: `
const begun = Date.now()
require('node:diagnostics_channel').channel('fastify.initialization').subscribe(({ fastify }) => {
  fastify.addHook('preHandler', async ({ url, method }) => {
    if (method === 'POST' && url === '/uploads' && Date.now() - begun < 3000) throw new Error('not loaded yet')
  })
})
`,
})
