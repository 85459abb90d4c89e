import { existsSync, readFileSync, statSync } from 'node:fs'
import { chmod, chown, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { LabError } from '../../../lab-port/index.ts'
import { abandonUpload } from '../../kit/abandon-upload.ts'
import { abandonedBy } from '../../kit/abandoned-files.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { fakeTime } from '../../kit/wrong-clock.ts'

const NAME = 'cleaner-locked-out'

/** CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH. */
const READS_ALL = 0b110n

/** One file that the service may not read keeps the cleaner from all expired uploads. */
export const cleanerLockedOut: Fault = {
  name: 'cleaner-locked-out',
  title: 'Expired uploads are not removed',
  summary:
    'Somebody brought the info file of a partial upload back as root: the API may not read it, and has removed no expired upload since it seems to have started, 2 hours ago',
  async start(deployment) {
    const { customer, storagePath, notesPath, signal } = deployment
    demandAccount(deployment)
    const env = clockOf(deployment)
    const id = await abandonUpload(customer, 1024, signal)
    if (id === undefined) throw new LabError('cannot-break', 'the volume has no room for an upload')
    await abandonedBy(NAME, deployment).remember([id])
    const file = join(storagePath, 'uploads', `${id}.json`)
    await writeFile(join(notesPath, NAME), file)
    if (getuid?.() === 0) await chown(file, 0, 0)
    await chmod(file, getuid?.() === 0 ? 0o600 : 0)
    // Simulates time: the API starts two hours ago, and from then on has the clock of its machine.
    await writeFile(clockFile(deployment), '-7200s\n', { mode: 0o644 })
    await deployment.stop('api')
    await deployment.start('api', env)
    await writeFile(clockFile(deployment), '+0s\n')
  },
  async stop(deployment) {
    if (noted(deployment) === undefined) return
    await giveBack(deployment)
    // Whoever gave the file back left the API the clock that goes away here.
    await deployment.restart('api')
    await abandonedBy(NAME, deployment).withdraw()
    await rm(clockFile(deployment), { force: true })
    await rm(join(deployment.notesPath, NAME), { force: true })
  },
  isActive(deployment) {
    const file = noted(deployment)
    const found = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })
    return found !== undefined && (found.uid !== statSync(folderOf(deployment)).uid || (found.mode & 0o600) !== 0o600)
  },
}

function demandAccount({ pid }: Deployment): void {
  const found = pid('api')
  if (found === undefined) throw new LabError('cannot-break', 'the API does not run')
  const [, capabilities = '0'] = /^CapEff:\s*(\w+)/m.exec(readFileSync(`/proc/${found}/status`, 'utf8')) ?? []
  if ((BigInt(`0x${capabilities}`) & READS_ALL) !== 0n)
    throw new LabError('cannot-break', 'the API of this lab may read every file: handbook lab up, as shipped')
}

/** A clock that is read from a file, again every second. */
function clockOf(deployment: Deployment): Readonly<Record<string, string>> {
  const { FAKETIME: _, ...library } = fakeTime()
  return { ...library, FAKETIME_TIMESTAMP_FILE: clockFile(deployment), FAKETIME_CACHE_DURATION: '1' }
}

/** Where the service may read it. */
function clockFile({ storagePath }: Deployment): string {
  return join(storagePath, '.clock')
}

async function giveBack(deployment: Deployment): Promise<void> {
  const file = noted(deployment)
  if (file === undefined || !existsSync(file)) return
  const { uid, gid } = await stat(folderOf(deployment))
  if (getuid?.() === 0) await chown(file, uid, gid)
  await chmod(file, 0o600)
}

function noted({ notesPath }: Deployment): string | undefined {
  try {
    return readFileSync(join(notesPath, NAME), 'utf8')
  } catch {
    return undefined
  }
}

function folderOf({ storagePath }: Deployment): string {
  return join(storagePath, 'uploads')
}
