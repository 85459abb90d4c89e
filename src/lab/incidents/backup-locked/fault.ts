import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../../lab-port/index.ts'
import { readRecord, writeRecord } from '../../kit/backup-record.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { makeBackup } from '../../kit/make-backup.ts'

const DAY = 24 * 3600 * 1000
const ATTEMPTS = 20

/** A prune of the backups was killed, and its lock has kept out every backup since. */
export const backupLocked: Fault = {
  name: 'backup-locked',
  title: 'Backups fail since a killed prune left its lock',
  summary:
    'restic is killed while it prunes; its exclusive lock stays, and the last good backup seems to be two days old',
  async start(deployment) {
    await makeBackup(deployment, 'stored')
    await leaveLock(deployment)
    // Simulates time: the backup that was just made looks two days old.
    await backdate(deployment)
  },
  async stop(deployment) {
    for (const lock of listLocks(deployment)) await rm(join(locksOf(deployment), lock), { force: true })
    // A backup that somebody made since has its own time.
    await editRecord(deployment, at => (Date.now() - at.getTime() > DAY ? new Date() : at))
  },
  isActive: deployment => listLocks(deployment).length > 0,
}

/** Kills a prune as soon as its lock is there. */
async function leaveLock(deployment: Deployment): Promise<void> {
  const { backupPath, signal } = deployment
  const where = ['--repo', join(backupPath, 'repository'), '--password-file', join(backupPath, 'password')]
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const prune = spawn('restic', [...where, 'prune', '--quiet'], { stdio: 'ignore', signal, killSignal: 'SIGKILL' })
    const ended = once(prune, 'exit')
    // The end of the lab kills it; then nobody waits for it any more.
    ended.catch(() => undefined)
    while (prune.exitCode === null && prune.signalCode === null && listLocks(deployment).length === 0)
      await sleep(2, undefined, { signal })
    prune.kill('SIGKILL')
    await ended
    if (listLocks(deployment).length > 0) return
  }
  throw new LabError('cannot-break', 'each prune ended before it could be killed')
}

function listLocks(deployment: Deployment): readonly string[] {
  const folder = locksOf(deployment)
  return existsSync(folder) ? readdirSync(folder).filter(name => /^[0-9a-f]{64}$/.test(name)) : []
}

function locksOf({ backupPath }: Deployment): string {
  return join(backupPath, 'repository', 'locks')
}

const backdate = (deployment: Deployment) => editRecord(deployment, at => new Date(at.getTime() - 2 * DAY))

async function editRecord(deployment: Deployment, change: (at: Date) => Date): Promise<void> {
  const record = readRecord(deployment)
  if (record.stored === undefined) return
  const at = change(new Date(record.stored.at)).toISOString()
  await writeRecord(deployment, { ...record, stored: { ...record.stored, at } })
}
