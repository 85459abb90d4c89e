import { readFile } from 'node:fs/promises'
import { defectiveRelease } from '../../kit/defective-release.ts'
import type { Deployment } from '../../kit/fault.ts'

/**
 * A release that fails a share of the uploads is deployed as any other. It comes with a check before the handler that throws for some
 * requests: the service answers, counts and logs what is thrown there as it does any defect of its own. Health and metrics stay good,
 * as they do in the deployments that slip through.
 */
export const badDeployment = defectiveRelease({
  name: 'bad-deployment',
  title: 'A bad release was deployed',
  summary: 'A new release is deployed that answers 40 % of upload requests with 500',
  kind: 'incident',
  code: `
const { channel } = require('node:diagnostics_channel')

channel('fastify.initialization').subscribe(({ fastify }) => {
  fastify.addHook('preHandler', async request => {
    const tenant = Math.random() < 0.4 ? undefined : { limits: {} }
    if (/^\\/(files|uploads)\\b/.test(request.url)) request.limits = tenant.limits
  })
})
`,
  // What an operator does: both are of the new release.
  restarted: ['api', 'worker'],
  isSeen: isFailing,
})

async function isFailing({ url, readKeyFile, signal }: Deployment): Promise<boolean> {
  const headers = { authorization: `Bearer ${(await readFile(readKeyFile, 'utf8')).trim()}` }
  const response = await fetch(`${url}/uploads/0`, { headers, signal })
  await response.arrayBuffer()
  return response.status === 500
}
