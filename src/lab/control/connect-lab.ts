import { existsSync, realpathSync } from 'node:fs'
import { isRunning } from '../../base/index.ts'
import { LabError } from '../../lab-port/index.ts'
import type { LabStatus, RemoteLab } from '../lab.ts'
import { findOwner } from '../lifecycle/claim-directory.ts'
import { waitUntil } from '../processes/wait-until.ts'
import { askLab } from './control-client.ts'

/** The lab that runs in a folder, if one does. */
export async function connectLab(path: string): Promise<RemoteLab | undefined> {
  if (!existsSync(path)) return undefined
  const directory = realpathSync(path)
  const ask = async (method: 'GET' | 'POST', address: string) => {
    const answer = await askLab(directory, method, address)
    if (answer === undefined) throw new LabError('stopped', `the lab in ${directory} is not running any more`)
    return answer
  }
  if (!isStatus(await askLab(directory, 'GET', '/status'))) return undefined
  return {
    async status() {
      const status = await ask('GET', '/status')
      if (isStatus(status)) return status
      throw new LabError('part-failed', 'the lab answered with something that is no status')
    },
    async break(fault) {
      await ask('POST', `/break?fault=${encodeURIComponent(fault)}`)
    },
    async heal(fault) {
      await ask('POST', fault === undefined ? '/heal' : `/heal?fault=${encodeURIComponent(fault)}`)
    },
    async down() {
      const owner = findOwner(directory)
      await ask('POST', '/down')
      await waitUntil(() => findOwner(directory) === undefined, { timeout: 60_000 })
      if (owner) await waitUntil(() => !isRunning(owner), { timeout: 2000 })
    },
  }
}

function isStatus(value: unknown): value is LabStatus {
  return typeof value === 'object' && value !== null && 'state' in value && 'processes' in value
}
