import { kill } from 'node:process'
import { LabError } from '../../lab-port/index.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { Deployment } from './fault.ts'

/** Sends SIGHUP to both processes, and waits until the API shows the result. */
export async function reloadConfiguration(deployment: Deployment, successful: boolean): Promise<void> {
  const { pid, signal } = deployment
  for (const service of ['worker', 'api'] as const) {
    const process = pid(service)
    if (process === undefined) throw new LabError('cannot-break', `the ${service} does not run`)
    kill(process, 'SIGHUP')
  }
  const isShown = async () => (await wasReloaded(deployment)) === successful
  if (await waitUntil(isShown, { timeout: 20_000, signal })) return
  throw new LabError('cannot-break', 'the API does not read its configuration again')
}

/** Whether the last reload of the API was successful, as it shows. */
export async function wasReloaded({ readMetrics }: Deployment): Promise<boolean> {
  return (await readMetrics()).includes('\nupload_bridge_config_last_reload_successful 1\n')
}
