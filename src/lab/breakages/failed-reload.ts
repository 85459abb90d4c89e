import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kill } from 'node:process'
import type { Deployment, Fault } from '../kit/fault.ts'
import { waitUntil } from '../processes/wait-until.ts'

const notePath = ({ notesPath }: Deployment) => join(notesPath, 'failed-reload')

/** The file is right again, but what runs was never told: it goes on with a configuration that is written nowhere. */
export const failedReload: Fault = {
  name: 'failed-reload',
  title: 'The API could not read its configuration, and was not told again',
  summary: 'A wrong configuration was reloaded, and put right without another reload',
  kind: 'defect',
  async start(deployment) {
    const { configPath } = deployment
    const sound = await readFile(configPath, 'utf8')
    await writeFile(notePath(deployment), '')
    await writeFile(configPath, `${sound}\nno-such-key: true\n`)
    try {
      await reload(deployment, '0')
    } finally {
      await writeFile(configPath, sound)
    }
  },
  async stop(deployment) {
    if (!existsSync(notePath(deployment))) return
    await reload(deployment, '1')
    await rm(notePath(deployment))
  },
  isActive: deployment => existsSync(notePath(deployment)),
}

async function reload(deployment: Deployment, successful: '0' | '1'): Promise<void> {
  const pid = deployment.pid('api')
  if (pid === undefined) throw new Error('the API does not run')
  kill(pid, 'SIGHUP')
  const isSeen = async () => {
    const metrics = await (await fetch(`${deployment.url}/metrics`)).text()
    return new RegExp(`^upload_bridge_config_last_reload_successful ${successful}$`, 'm').test(metrics)
  }
  if (await waitUntil(isSeen, { timeout: 20_000, signal: deployment.signal })) return
  throw new Error('the API did not read its configuration again')
}
