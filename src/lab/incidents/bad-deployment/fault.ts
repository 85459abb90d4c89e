import { callService } from '../../customer/call-service.ts'
import { defectiveRelease } from '../../kit/defective-release.ts'
import type { Deployment } from '../../kit/fault.ts'

/**
 * A release that fails a share of the uploads is deployed like any other. A check before the handler throws for some requests. The service
 * answers, counts and logs such an error like any defect of its own. Health and metrics stay good, as in bad deployments that nobody
 * notices.
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
  // Like an operator does: both processes run the new release.
  restarted: ['api', 'worker'],
  isSeen: isFailing,
})

async function isFailing({ customer, readKeyFile, signal }: Deployment): Promise<boolean> {
  return (await callService({ ...customer, keyFile: readKeyFile }, '/uploads/0', { signal })).status === 500
}
