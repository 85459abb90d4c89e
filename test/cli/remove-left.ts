import { readdirSync, readlinkSync, rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Whether a process of any account works in a folder: one that was told to end may still write. */
function isWorkedIn(folder: string): boolean {
  return readdirSync('/proc').some(pid => {
    if (!/^\d+$/.test(pid) || pid === `${process.pid}`) return false
    try {
      return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`)
    } catch {
      return false
    }
  })
}

/** Removes a folder as soon as nobody works in it, or after 20 seconds all the same. */
export async function removeLeft(folder: string): Promise<void> {
  const deadline = performance.now() + 20_000
  while (isWorkedIn(folder) && performance.now() < deadline) await setTimeout(20)
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
