import { readFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { kill } from 'node:process'
import { parse, stringify } from 'yaml'
import { LabError } from '../../../lab-port/index.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { keepBefore } from '../../kit/keep-before.ts'
import { waitUntil } from '../../processes/wait-until.ts'

/** A generated configuration with values out of range was installed and reloaded, without a validation before. */
export const configurationRefused: Fault = {
  name: 'configuration-refused',
  title: 'A wrong configuration was reloaded',
  summary:
    'A new configuration with two wrong values is installed and reloaded; API and worker refuse it and go on with the old one',
  async start(deployment) {
    const { configPath } = deployment
    // As the procedure of the configuration's page does: the old file stays beside the new one.
    await keepBefore(configPath)
    const sound = await readFile(configPath, 'utf8')
    const configuration = parse(sound)
    configuration.worker.concurrency = 400
    configuration.downstream.timeout = 'soon'
    await writeFile(configPath, stringify(configuration))
    await reload(deployment, 0)
  },
  async stop(deployment) {
    if (!configurationRefused.isActive(deployment)) return
    const { configPath } = deployment
    await rename(`${configPath}.before`, configPath)
    await rm(`${configPath}.refused`, { force: true })
    await reload(deployment, 1)
  },
  isActive: ({ configPath }) => /^ {2}timeout: soon$/m.test(readFileSync(configPath, 'utf8')),
}

/** Sends SIGHUP to both processes, and waits until the API shows the result. */
async function reload({ pid, readMetrics, signal }: Deployment, successful: 0 | 1): Promise<void> {
  for (const service of ['worker', 'api'] as const) {
    const process = pid(service)
    if (process === undefined) throw new LabError('cannot-break', `the ${service} does not run`)
    kill(process, 'SIGHUP')
  }
  const isShown = async () => {
    return (await readMetrics()).includes(`\nupload_bridge_config_last_reload_successful ${successful}\n`)
  }
  if (await waitUntil(isShown, { timeout: 20_000, signal })) return
  throw new LabError('cannot-break', 'the API does not read its configuration again')
}
