import { readFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import type { Fault } from '../../kit/fault.ts'
import { keepBefore } from '../../kit/keep-before.ts'
import { reloadConfiguration } from '../../kit/reload-configuration.ts'

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
    await reloadConfiguration(deployment, false)
  },
  async stop(deployment) {
    if (!configurationRefused.isActive(deployment)) return
    const { configPath } = deployment
    await rename(`${configPath}.before`, configPath)
    await rm(`${configPath}.refused`, { force: true })
    await reloadConfiguration(deployment, true)
  },
  isActive: ({ configPath }) => /^ {2}timeout: soon$/m.test(readFileSync(configPath, 'utf8')),
}
