import { readFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { kill } from 'node:process'
import { parse, stringify } from 'yaml'
import { LabError } from '../../../lab-port/index.ts'
import { callService } from '../../customer/call-service.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { keepBefore } from '../../kit/keep-before.ts'
import { waitUntil } from '../../processes/wait-until.ts'

const QUOTA_EXCEEDED = 429

/** Somebody meant to allow ten thousand uploads a day, and lost the zeros. */
export const limitTooLow: Fault = {
  name: 'limit-too-low',
  title: 'A limit is too low for every client',
  summary:
    'A new configuration allows each client one upload a day: it is valid, and from then on every upload gets 429',
  async start(deployment) {
    const { configPath } = deployment
    // As the procedure of the configuration's page does: the old file stays beside the new one.
    await keepBefore(configPath)
    const configuration = parse(await readFile(configPath, 'utf8'))
    configuration.limits = { ...configuration.limits, uploadsPerWindow: 1, window: '24h' }
    await writeFile(configPath, stringify(configuration))
    reload(deployment)
    await waitForLimit(deployment, true)
  },
  async stop(deployment) {
    if (!limitTooLow.isActive(deployment)) return
    await rename(`${deployment.configPath}.before`, deployment.configPath)
    await rm(`${deployment.configPath}.limits`, { force: true })
    reload(deployment)
    await waitForLimit(deployment, false)
  },
  isActive: ({ configPath }) => /^ {2}uploadsPerWindow: 1$/m.test(readFileSync(configPath, 'utf8')),
}

function reload({ pid }: Deployment): void {
  const process = pid('api')
  if (process === undefined) throw new LabError('cannot-break', 'the API does not run')
  kill(process, 'SIGHUP')
}

/** Waits until the API applies the limit that it was told of: it reads its configuration after the signal, not with it. */
async function waitForLimit({ customer, signal }: Deployment, isLow: boolean): Promise<void> {
  const headers = { 'tus-resumable': '1.0.0' }
  const isApplied = async () => {
    const create = { method: 'POST', headers: { ...headers, 'upload-length': '1' }, signal }
    const answer = await callService(customer, '/files/', create)
    const { location } = answer.headers
    if (location) {
      const { pathname } = new URL(location, customer.url)
      await callService(customer, pathname, { method: 'DELETE', headers, signal })
    }
    return (answer.status === QUOTA_EXCEEDED) === isLow
  }
  if (await waitUntil(isApplied, { timeout: 20_000, interval: 200, signal })) return
  throw new LabError(
    'cannot-break',
    isLow ? 'the API takes uploads although its limit is one' : 'the API still refuses',
  )
}
